import type { Attributes, Counter, Histogram, Meter, ObservableResult } from '@opentelemetry/api'
import type { ServerAddress } from '../driver/observe/server-address.ts'
import { loadPeer, type PeerLibrary } from '../driver/peer-library.ts'
import { DURATION_BUCKETS, type Measurement, QUEUE_BUCKETS } from '../metrics/measurement.ts'
import { type MeasuredPool, PoolMetrics } from '../metrics/pool-metrics.ts'
import { POOL_READINGS, type PoolReading } from '../metrics/pool-readings.ts'

/** Options of {@link measureWithOpenTelemetry}. */
export interface OpenTelemetryOptions {
  /**
   * The meter that records the metrics. Default: the meter `@holdfast/http-agent` of the global
   * provider.
   */
  readonly meter?: Meter
  /** Attributes of every measurement, to tell pools with the same servers apart. Default: none. */
  readonly attributes?: Attributes
}

const METER_NAME = '@holdfast/http-agent'
const API: PeerLibrary = { name: '@opentelemetry/api', range: '^1.9.0', oldest: { 1: 9 } }

const serverAttributes = ({ serverAddress, serverPort }: ServerAddress): Attributes => ({
  ...(serverAddress !== undefined && { 'server.address': serverAddress }),
  ...(serverPort !== undefined && { 'server.port': serverPort }),
})

/** The instruments of one meter, for all pools that are measured with it. */
class MeterMetrics {
  readonly #pools: PoolMetrics<Attributes>
  readonly #meter: Meter
  #observe: (() => void) | undefined

  constructor(meter: Meter) {
    this.#meter = meter
    const durations = createDurations(meter)
    const waits = createWaits(meter)
    const replays = createReplays(meter)
    this.#pools = new PoolMetrics({
      onClosed: (message, attributes) => {
        durations.record(message.ageMs / 1000, {
          ...attributes,
          ...serverAttributes(message),
          'holdfast.close.reason': message.reason,
        })
      },
      onLeased: (message, attributes) => {
        waits.record(message.waitMs / 1000, { ...attributes, ...serverAttributes(message) })
      },
      onReplayed: (message, attributes) => {
        replays.add(1, { ...attributes, ...serverAttributes(message) })
      },
    })
  }

  add(pool: MeasuredPool, attributes: Attributes): void {
    this.#pools.add(pool, attributes)
    this.#observe ??= this.#observePools()
  }

  remove(pool: MeasuredPool): void {
    this.#pools.remove(pool)
    if (!this.#pools.isEmpty) return
    this.#observe?.()
    this.#observe = undefined
  }

  /** @returns What ends it. */
  #observePools(): () => void {
    const ends = [
      this.#observeConnections(),
      ...POOL_READINGS.map((each) => this.#observeReading(each)),
    ]
    return () => {
      for (const end of ends) end()
    }
  }

  /** @returns What ends it. */
  #observeReading(reading: PoolReading): () => void {
    const { name, unit, description, kind } = reading
    const words = { unit, description }
    const instrument =
      kind === 'total'
        ? this.#meter.createObservableCounter(`http.client.${name}`, words)
        : this.#meter.createObservableUpDownCounter(`http.client.${name}`, words)
    const observe = (result: ObservableResult): void => {
      for (const { labels, by, value } of this.#pools.read(reading)) {
        result.observe(value, { ...labels, ...(reading.by && { [reading.by.attribute]: by }) })
      }
    }
    instrument.addCallback(observe)
    return () => instrument.removeCallback(observe)
  }

  /** @returns What ends it. */
  #observeConnections(): () => void {
    const gauge = this.#meter.createObservableUpDownCounter('http.client.open_connections', {
      unit: '{connection}',
      description: 'Open connections to a server, in use or idle.',
    })
    const observe = (result: ObservableResult): void => {
      for (const { state, count, labels, ...server } of this.#pools.openConnections()) {
        const attributes = { ...labels, ...serverAttributes(server) }
        result.observe(count, { ...attributes, 'http.connection.state': state })
      }
    }
    gauge.addCallback(observe)
    return () => gauge.removeCallback(observe)
  }
}

const createDurations = (meter: Meter): Histogram =>
  meter.createHistogram('http.client.connection.duration', {
    unit: 's',
    description: 'How long connections were open.',
    advice: { explicitBucketBoundaries: [...DURATION_BUCKETS] },
  })

const createWaits = (meter: Meter): Histogram =>
  meter.createHistogram('http.client.request.time_in_queue', {
    unit: 's',
    description: 'How long requests waited for a connection, where they had to wait.',
    advice: { explicitBucketBoundaries: [...QUEUE_BUCKETS] },
  })

const createReplays = (meter: Meter): Counter =>
  meter.createCounter('http.client.request.replays', {
    unit: '{request}',
    description: 'Requests that were sent again because their connection was lost.',
  })

const byMeter: WeakMap<Meter, MeterMetrics> = new WeakMap()

/**
 * Measures an agent or a dispatcher by the semantic conventions of OpenTelemetry for HTTP:
 *
 * - `http.client.open_connections`, with `http.connection.state` (`active` or `idle`);
 * - `http.client.connection.duration` in seconds, with `holdfast.close.reason`;
 * - `http.client.request.time_in_queue` in seconds, of requests that had to wait;
 * - `http.client.request.replays`, requests that were sent again because their connection was lost.
 *
 * Each has `server.address` and `server.port`. Without these there are, read from `stats()`:
 *
 * - `http.client.request.waiting`, `http.client.connection.connecting` and
 *   `http.client.connection.lingering`, as they are now;
 * - `http.client.connection.limit`, by `holdfast.limit.scope` (`origin`, `total`, `idle_origin`);
 * - `http.client.address.known` and `….passed_over`;
 * - `http.client.connection.dials`, `….dial_failures`, `….leases`, `….reuses`,
 *   `http.client.request.moves`, `….failures`, and `….rejections` by `error.type`, since the pool exists.
 *
 * Of the process there are `http.client.port.range`, `….nearly_exhausted`, and `….held` by
 * `holdfast.port.holder` (`open`, `time_wait`).
 *
 * @throws MissingPeerError (`ERR_HOLDFAST_MISSING_PEER`) where no `meter` is given, and
 * `@opentelemetry/api` is not installed or is older than 1.9.
 */
export const measureWithOpenTelemetry = async (
  pool: MeasuredPool,
  { meter, attributes = {} }: OpenTelemetryOptions = {},
): Promise<Measurement> => {
  const used = meter ?? (await globalMeter())
  const metrics = byMeter.get(used) ?? new MeterMetrics(used)
  byMeter.set(used, metrics)
  metrics.add(pool, attributes)
  return { stop: () => metrics.remove(pool) }
}

const globalMeter = async (): Promise<Meter> => {
  const { metrics } = await loadPeer(API, () => import('@opentelemetry/api'))
  return metrics.getMeter(METER_NAME)
}
