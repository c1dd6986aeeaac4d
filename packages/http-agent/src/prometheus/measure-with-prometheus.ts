import type { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ServerAddress } from '../driver/observe/server-address.ts'
import { loadPeer, type PeerLibrary } from '../driver/peer-library.ts'
import { DURATION_BUCKETS, type Measurement, QUEUE_BUCKETS } from '../metrics/measurement.ts'
import { type MeasuredPool, PoolMetrics, type ReadValue } from '../metrics/pool-metrics.ts'
import { POOL_READINGS, type PoolReading } from '../metrics/pool-readings.ts'

/** Options of {@link measureWithPrometheus}. */
export interface PrometheusOptions {
  /** The registry of the metrics. Default: the default registry of prom-client. */
  readonly register?: Registry
  /**
   * Value of the label `pool`, to tell pools with the same servers apart. Default: `''`, which to
   * Prometheus is the same as no label.
   */
  readonly name?: string
}

type Library = typeof import('prom-client')

const LIBRARY: PeerLibrary = { name: 'prom-client', range: '^15.0.0', oldest: { 15: 0 } }

const OPEN_CONNECTIONS = 'http_client_open_connections'
const CONNECTION_DURATION = 'http_client_connection_duration_seconds'
const TIME_IN_QUEUE = 'http_client_request_time_in_queue_seconds'

const REPLAYS = 'http_client_request_replays_total'

const LABELS = ['pool', 'server_address', 'server_port'] as const

type Label = (typeof LABELS)[number]

const labelsOf = (pool: string, { serverAddress, serverPort }: ServerAddress) =>
  ({
    pool,
    // biome-ignore lint/style/useNamingConvention: Prometheus' own.
    server_address: serverAddress ?? '',
    // biome-ignore lint/style/useNamingConvention: Prometheus' own.
    server_port: serverPort ?? '',
  }) satisfies Record<Label, string | number>

const prometheusName = ({ name, kind }: PoolReading): string =>
  `http_client_${name.replaceAll('.', '_')}${kind === 'total' ? '_total' : ''}`

const describe = (reading: PoolReading) => ({
  name: prometheusName(reading),
  help: reading.description,
  labelNames: [...(reading.isOfProcess ? [] : ['pool']), ...(reading.by ? [reading.by.label] : [])],
  registers: [],
})

const labelsOfRead = (
  reading: PoolReading,
  { labels, by }: ReadValue<string>,
): Record<string, string> => ({
  ...(labels !== undefined && { pool: labels }),
  ...(reading.by && { [reading.by.label]: by ?? '' }),
})

/** The metrics of one registry, for all pools that are measured with it. */
class RegistryMetrics {
  readonly #pools: PoolMetrics<string>
  readonly #register: Registry

  constructor(
    { Counter: CounterOf, Gauge: GaugeOf, Histogram: HistogramOf }: Library,
    register: Registry,
  ) {
    this.#register = register
    const registers = [register]
    const durations: Histogram<Label | 'reason'> = new HistogramOf({
      name: CONNECTION_DURATION,
      help: 'How long connections were open, by the reason of their end.',
      labelNames: [...LABELS, 'reason'],
      buckets: [...DURATION_BUCKETS],
      registers,
    })
    const waits: Histogram<Label> = new HistogramOf({
      name: TIME_IN_QUEUE,
      help: 'How long requests waited for a connection, where they had to wait.',
      labelNames: LABELS,
      buckets: [...QUEUE_BUCKETS],
      registers,
    })
    const replays: Counter<Label> = new CounterOf({
      name: REPLAYS,
      help: 'Requests that were sent again because their connection was lost.',
      labelNames: LABELS,
      registers,
    })
    const pools = new PoolMetrics<string>({
      onClosed: (message, pool) => {
        const labels = { ...labelsOf(pool, message), reason: message.reason }
        durations.observe(labels, message.ageMs / 1000)
      },
      onLeased: (message, pool) => waits.observe(labelsOf(pool, message), message.waitMs / 1000),
      onReplayed: (message, pool) => replays.inc(labelsOf(pool, message)),
    })
    this.#pools = pools
    const gauge = new GaugeOf({
      name: OPEN_CONNECTIONS,
      help: 'Open connections to a server, in use or idle.',
      labelNames: [...LABELS, 'state'],
      registers: [],
      collect() {
        collectConnections(this, pools)
      },
    })
    register.registerMetric(gauge)
    for (const reading of POOL_READINGS) {
      register.registerMetric(
        reading.kind === 'total'
          ? new CounterOf({
              ...describe(reading),
              collect() {
                this.reset()
                for (const read of pools.read(reading))
                  this.inc(labelsOfRead(reading, read), read.value)
              },
            })
          : new GaugeOf({
              ...describe(reading),
              collect() {
                this.reset()
                for (const read of pools.read(reading))
                  this.set(labelsOfRead(reading, read), read.value)
              },
            }),
      )
    }
  }

  add(pool: MeasuredPool, name: string): void {
    this.#pools.add(pool, name)
  }

  /** @returns Whether no pool is left. */
  remove(pool: MeasuredPool): boolean {
    this.#pools.remove(pool)
    if (!this.#pools.isEmpty) return false
    const readings = POOL_READINGS.map(prometheusName)
    const events = [OPEN_CONNECTIONS, CONNECTION_DURATION, TIME_IN_QUEUE, REPLAYS]
    for (const name of [...events, ...readings]) {
      this.#register.removeSingleMetric(name)
    }
    return true
  }
}

const collectConnections = (gauge: Gauge<Label | 'state'>, pools: PoolMetrics<string>): void => {
  // An origin that is gone would stay at its last value.
  gauge.reset()
  for (const { state, count, labels: pool, ...server } of pools.openConnections()) {
    gauge.set({ ...labelsOf(pool, server), state }, count)
  }
}

const byRegistry: WeakMap<Registry, RegistryMetrics> = new WeakMap()

/**
 * Measures an agent or a dispatcher with prom-client:
 *
 * - `http_client_open_connections`, with `state` (`active` or `idle`);
 * - `http_client_connection_duration_seconds`, with the `reason` of the close (`CloseReason`);
 * - `http_client_request_time_in_queue_seconds`, of requests that had to wait;
 * - `http_client_request_replays_total`, requests that were sent again because their connection was
 *   lost.
 *
 * Each has `pool`, `server_address` and `server_port`. With `pool` alone there are, read from
 * `stats()`:
 *
 * - `http_client_request_waiting`, `http_client_connection_connecting` and
 *   `http_client_connection_lingering`, as they are now;
 * - `http_client_connection_limit`, by `scope` (`origin`, `total`, `idle_origin`);
 * - `http_client_address_known` and `…_passed_over`;
 * - `http_client_connection_dials_total`, `…_dial_failures_total`, `…_leases_total`,
 *   `…_reuses_total`, `http_client_request_moves_total`, `…_failures_total`, and
 *   `…_rejections_total` by `code`, since the pool exists.
 *
 * Of the process there are `http_client_port_range`, `…_nearly_exhausted`, and `…_held` by `holder`
 * (`open`, `time_wait`).
 *
 * @returns The measurement, to be stopped; with the last pool of a registry, its metrics leave the
 * registry.
 * @throws MissingPeerError (`ERR_HOLDFAST_MISSING_PEER`) where `prom-client` is not installed, or
 * is older than 15.
 */
export const measureWithPrometheus = async (
  pool: MeasuredPool,
  { register, name = '' }: PrometheusOptions = {},
): Promise<Measurement> => {
  const { default: library } = await loadPeer(LIBRARY, () => import('prom-client'))
  const used = register ?? library.register
  const metrics = byRegistry.get(used) ?? new RegistryMetrics(library, used)
  byRegistry.set(used, metrics)
  metrics.add(pool, name)
  return {
    stop: () => {
      if (metrics.remove(pool)) byRegistry.delete(used)
    },
  }
}
