import type { CloseReason, PoolStats } from '@holdfast/core'
import { LatencyHistogram } from '../../statistics/latency-histogram.ts'
import { LevelSeries } from './level-series.ts'

/** Looks at a count over the time of a simulation. */
export const TIMELINE_STEPS = 200

const US_PER_MS = 1000

/** Requests that went out on a connection which the other side had given up already. */
export interface StaleCounts {
  /** Seen by the stale check in time; they took another connection. */
  avoided: number
  /** Not seen in time. */
  met: number
  /** Those of `met` that were sent again. */
  replayed: number
  /** Those of `met` that failed. */
  failed: number
}

/** What all simulated replicas together have counted. */
export class FleetTally {
  readonly open: LevelSeries
  readonly clientTimeWaits: LevelSeries
  readonly upstreamTimeWaits: LevelSeries
  requests = 0
  served = 0
  opens = 0
  /** Of the second half of the time, when the pools have settled. */
  readonly settled = { requests: 0, opens: 0 }
  readonly #settledFromMs: number
  /** Dials that found no ephemeral port (`EADDRNOTAVAIL`). */
  portsExhausted = 0
  /** The most connections that one replica had open at an instant. */
  peakConnectionsOfReplica = 0
  /** The most ports of one replica that TIME_WAITs towards one destination held. */
  peakTimeWaitsOfReplica = 0
  leases = 0
  reuses = 0
  readonly stale: StaleCounts = { avoided: 0, met: 0, replayed: 0, failed: 0 }
  readonly rejections: Record<string, number> = {}
  readonly closes: Partial<Record<CloseReason, number>> = {}
  readonly #waits: LatencyHistogram = new LatencyHistogram()
  #waited = 0

  constructor(durationMs: number) {
    this.#settledFromMs = durationMs / 2
    const stepMs = durationMs / TIMELINE_STEPS
    this.open = new LevelSeries(TIMELINE_STEPS, stepMs)
    this.clientTimeWaits = new LevelSeries(TIMELINE_STEPS, stepMs)
    this.upstreamTimeWaits = new LevelSeries(TIMELINE_STEPS, stepMs)
  }

  countRequest(nowMs: number): void {
    this.requests++
    if (nowMs >= this.#settledFromMs) this.settled.requests++
  }

  countOpen(nowMs: number): void {
    this.opens++
    if (nowMs >= this.#settledFromMs) this.settled.opens++
  }

  /** A request got its first connection after this time. */
  countWait(waitMs: number): void {
    if (waitMs > 0) this.#waited++
    this.#waits.record(waitMs * US_PER_MS)
  }

  countRejection(code: string): void {
    this.rejections[code] = (this.rejections[code] ?? 0) + 1
  }

  /** Adds what the pool of a replica counted over its life. */
  countPool({ leases, reuses, closes }: PoolStats): void {
    this.leases += leases
    this.reuses += reuses
    for (const [reason, count] of Object.entries(closes)) {
      this.closes[reason as CloseReason] = (this.closes[reason as CloseReason] ?? 0) + count
    }
  }

  /** The share of requests that did not get a connection at once. */
  get waitedShare(): number {
    return this.#waits.total === 0 ? 0 : this.#waited / this.#waits.total
  }

  /** How long at most this share of the requests waited for a connection. */
  waitMsAt(percent: number): number {
    return this.#waits.percentile(percent) / US_PER_MS
  }
}
