import type { MetricName } from '../bench/method/metrics.ts'
import type { Workload } from '../bench/workloads/workload.ts'

/** Titles of metrics in sentences. */
export const METRIC_TITLES: Readonly<Record<MetricName, string>> = {
  cpuPerRequest: 'CPU per request',
  userCpuPerRequest: 'user CPU per request',
  throughput: 'requests per second',
  p50: 'median latency',
  p99: '99th percentile of latency',
  memoryPerConnection: 'heap per idle connection',
}

/** Titles of metrics in the heads of columns. */
export const METRIC_HEADS: Readonly<Record<MetricName, string>> = {
  cpuPerRequest: 'CPU/request',
  userCpuPerRequest: 'user CPU',
  throughput: 'requests/s',
  p50: 'p50',
  p99: 'p99',
  memoryPerConnection: 'heap/connection',
}

/** Metric that a workload is for. */
export const MAIN_METRICS: Readonly<Record<Workload['kind'], MetricName>> = {
  closed: 'cpuPerRequest',
  burst: 'cpuPerRequest',
  gap: 'cpuPerRequest',
  open: 'p99',
  idle: 'memoryPerConnection',
}
