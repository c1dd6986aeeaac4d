/**
 * Metrics for OpenTelemetry.
 *
 * @module @holdfast/http-agent/opentelemetry
 */

export type { Measurement } from '../metrics/measurement.ts'
export type { MeasuredPool } from '../metrics/pool-metrics.ts'
export {
  measureWithOpenTelemetry,
  type OpenTelemetryOptions,
} from './measure-with-open-telemetry.ts'
