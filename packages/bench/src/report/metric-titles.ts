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

/** What a workload is there to find out. */
export const MAIN_METRICS: Readonly<Record<Workload['kind'], MetricName>> = {
  closed: 'cpuPerRequest',
  burst: 'cpuPerRequest',
  gap: 'cpuPerRequest',
  open: 'p99',
  idle: 'memoryPerConnection',
}
