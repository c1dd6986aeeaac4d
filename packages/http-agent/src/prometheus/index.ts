/**
 * Metrics for `prom-client`.
 *
 * @module @holdfast/http-agent/prometheus
 */

export type { Measurement } from '../metrics/measurement.ts'
export type { MeasuredPool } from '../metrics/pool-metrics.ts'
export { measureWithPrometheus, type PrometheusOptions } from './measure-with-prometheus.ts'
