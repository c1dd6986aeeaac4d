import type { CloseReason, PoolStats } from '@holdfast/core'
import { LatencyHistogram } from '../../statistics/latency-histogram.ts'
import { LevelSeries } from './level-series.ts'

/** Samples over the time of a simulation. */
export const TIMELINE_STEPS = 200

const US_PER_MS = 1000

/** Requests sent on a connection that the other side had already closed. */
export interface StaleCounts {
  /** Requests that the stale check saved: they took another connection. */
  avoided: number
  /** Requests that the stale check did not save. */
  met: number
  /** Requests of `met` that were sent again. */
  replayed: number
  /** Requests of `met` that failed. */
  failed: number
}

/** Counts of all simulated replicas together. */
export class FleetTally {
  readonly open: LevelSeries
  readonly clientTimeWaits: LevelSeries
  readonly upstreamTimeWaits: LevelSeries
  requests = 0
  served = 0
  opens = 0
  /** Counts of the second half of the time, when the pools have settled. */
  readonly settled = { requests: 0, opens: 0 }
  readonly #settledFromMs: number
  /** Dials that found no ephemeral port (`EADDRNOTAVAIL`). */
  portsExhausted = 0
  /** Peak of the connections of one replica. */
  peakConnectionsOfReplica = 0
  /** Peak of one replica's ports to one destination that TIME_WAITs hold. */
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

  /** Counts the time after which a request got its first connection. */
  countWait(waitMs: number): void {
    if (waitMs > 0) this.#waited++
    this.#waits.record(waitMs * US_PER_MS)
  }

  countRejection(code: string): void {
    this.rejections[code] = (this.rejections[code] ?? 0) + 1
  }

  /** Adds the counts of a replica's pool over its life. */
  countPool({ leases, reuses, closes }: PoolStats): void {
    this.leases += leases
    this.reuses += reuses
    for (const [reason, count] of Object.entries(closes)) {
      this.closes[reason as CloseReason] = (this.closes[reason as CloseReason] ?? 0) + count
    }
  }

  /** Share of requests that did not get a connection at once. */
  get waitedShare(): number {
    return this.#waits.total === 0 ? 0 : this.#waited / this.#waits.total
  }

  /** Longest wait for a connection among this share of the requests. */
  waitMsAt(percent: number): number {
    return this.#waits.percentile(percent) / US_PER_MS
  }
}
