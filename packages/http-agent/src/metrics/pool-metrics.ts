import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { InvalidArgumentError } from '@holdfast/core'
import { DIAGNOSTICS_CHANNELS, type DiagnosticsMessage } from '../driver/observe/diagnostics.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'
import type { ServerAddress } from '../driver/observe/server-address.ts'
import type { PoolReading } from './pool-readings.ts'

/** The part of an agent or a dispatcher that is measured. */
export interface MeasuredPool {
  /** Returns the counters and gauges that are measured. */
  readonly stats: () => DriverStats
}

/** Open connections to one server, in one state, as OpenTelemetry names the states. */
export interface OpenConnections<Labels> extends ServerAddress {
  readonly state: 'active' | 'idle'
  readonly count: number
  readonly labels: Labels
}

/** A value of a {@link PoolReading}. */
export interface ReadValue<Labels> {
  /** Of the pools that it is about; `undefined` where it is about the process. */
  readonly labels: Labels | undefined
  /** What tells it apart from other values of the same pools; `undefined` where nothing does. */
  readonly by: string | undefined
  readonly value: number
}

/** Callbacks for events of measured pools. */
export interface MetricsListener<Labels> {
  /** A connection that had been open is closed. */
  readonly onClosed: (message: DiagnosticsMessage<'connection:closed'>, labels: Labels) => void
  /** A request that had to wait has got a connection. */
  readonly onLeased: (message: DiagnosticsMessage<'request:leased'>, labels: Labels) => void
  /** A request is sent again. */
  readonly onReplayed: (message: DiagnosticsMessage<'request:replayed'>, labels: Labels) => void
}

/**
 * Several pools that are measured together for one registry or meter. Serving requests counts
 * nothing: gauges are read on demand, all else comes from events.
 */
export class PoolMetrics<Labels> {
  readonly #pools: Map<object & MeasuredPool, Labels> = new Map()
  readonly #listener: MetricsListener<Labels>

  constructor(listener: MetricsListener<Labels>) {
    this.#listener = listener
  }

  get isEmpty(): boolean {
    return this.#pools.size === 0
  }

  /** @throws InvalidArgumentError for a value that is neither agent nor dispatcher. */
  add(pool: MeasuredPool, labels: Labels): void {
    if (typeof (pool as Partial<MeasuredPool> | null | undefined)?.stats !== 'function') {
      throw new InvalidArgumentError('pool', pool, 'an agent or a dispatcher of Holdfast')
    }
    if (this.isEmpty) {
      subscribe(DIAGNOSTICS_CHANNELS['connection:closed'], this.#onClosed)
      subscribe(DIAGNOSTICS_CHANNELS['request:leased'], this.#onLeased)
      subscribe(DIAGNOSTICS_CHANNELS['request:replayed'], this.#onReplayed)
    }
    this.#pools.set(pool, labels)
  }

  remove(pool: MeasuredPool): void {
    if (!(this.#pools.delete(pool) && this.isEmpty)) return
    unsubscribe(DIAGNOSTICS_CHANNELS['connection:closed'], this.#onClosed)
    unsubscribe(DIAGNOSTICS_CHANNELS['request:leased'], this.#onLeased)
    unsubscribe(DIAGNOSTICS_CHANNELS['request:replayed'], this.#onReplayed)
  }

  /**
   * Counts connections in use and idle ones; those of pools with the same labels are added up.
   * O(origins).
   */
  openConnections(): OpenConnections<Labels>[] {
    const sums = new Map<string, OpenConnections<Labels>>()
    for (const [pool, labels] of this.#pools) {
      for (const origin of Object.values(pool.stats().origins)) {
        const { serverAddress, serverPort, leased, idle } = origin
        for (const [state, count] of [['active', leased] as const, ['idle', idle] as const]) {
          const key = JSON.stringify([labels, serverAddress, serverPort, state])
          const sum = count + (sums.get(key)?.count ?? 0)
          sums.set(key, { labels, serverAddress, serverPort, state, count: sum })
        }
      }
    }
    return [...sums.values()]
  }

  /** Reads a figure, for all pools with the same labels together. */
  read({ isOfProcess, of }: PoolReading): ReadValue<Labels>[] {
    const sums = new Map<string, ReadValue<Labels>>()
    for (const [pool, labels] of this.#pools) {
      for (const [by, value] of valuesOf(of(pool.stats()))) {
        const key = JSON.stringify([labels, by])
        const sum = value + (sums.get(key)?.value ?? 0)
        sums.set(key, { labels: isOfProcess ? undefined : labels, by, value: sum })
      }
      // Each pool says the same of its process.
      if (isOfProcess) break
    }
    return [...sums.values()]
  }

  readonly #onClosed = (message: unknown): void => {
    const closed = message as DiagnosticsMessage<'connection:closed'>
    const labels = this.#labelsOf(closed)
    if (labels !== undefined && closed.wasOpen) this.#listener.onClosed(closed, labels)
  }

  readonly #onLeased = (message: unknown): void => {
    const leased = message as DiagnosticsMessage<'request:leased'>
    const labels = this.#labelsOf(leased)
    if (labels !== undefined) this.#listener.onLeased(leased, labels)
  }

  readonly #onReplayed = (message: unknown): void => {
    const replayed = message as DiagnosticsMessage<'request:replayed'>
    const labels = this.#labelsOf(replayed)
    if (labels !== undefined) this.#listener.onReplayed(replayed, labels)
  }

  #labelsOf({ source }: DiagnosticsMessage): Labels | undefined {
    return this.#pools.get(source as MeasuredPool)
  }
}

const valuesOf = (
  read: ReturnType<PoolReading['of']>,
): [by: string | undefined, value: number][] =>
  typeof read === 'number' ? [[undefined, read]] : Object.entries(read)
