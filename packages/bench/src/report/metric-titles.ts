import type { MetricName } from '../bench/method/metrics.ts'
import type { Workload } from '../bench/workloads/workload.ts'

/** Metrics as a reader calls them. */
export const METRIC_TITLES: Readonly<Record<MetricName, string>> = {
  cpuPerRequest: 'CPU per request',
  userCpuPerRequest: 'user CPU per request',
  throughput: 'requests per second',
  p50: 'median latency',
  p99: '99th percentile of latency',
  memoryPerConnection: 'heap per idle connection',
}

/** Metrics in the head of a column. */
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
