import type { TcpRow } from '../linux/tcp-table.ts'
import { destinationOf } from './watched-rows.ts'

/** Time in which every process notices that its peer has closed. */
export const CLOSE_WAIT_PATIENCE_MS = 10_000

/** Connections whose peer has closed, and which the process still holds. */
export interface StaleCloseWaits {
  readonly count: number
  /** Time since the oldest was first seen in this state. */
  readonly oldestMs: number
}

/** Remembers since when each connection has been in CLOSE_WAIT. */
export class CloseWaitAges {
  #since = new Map<string, number>()

  /** Connections that have been in CLOSE_WAIT for longer than a busy process explains. */
  update(rows: readonly TcpRow[], atMs: number): StaleCloseWaits {
    const waiting = rows.filter(({ state }) => state === 'CLOSE_WAIT').map(identityOf)
    this.#since = new Map(waiting.map((key) => [key, this.#since.get(key) ?? atMs]))
    const ages = [...this.#since.values()].map((since) => atMs - since)
    const stale = ages.filter((ageMs) => ageMs >= CLOSE_WAIT_PATIENCE_MS)
    // There may be too many for the arguments of one call.
    return { count: stale.length, oldestMs: stale.reduce((a, b) => Math.max(a, b), 0) }
  }
}

function identityOf(row: TcpRow): string {
  return `${row.localAddress}:${row.localPort} ${destinationOf(row)} ${row.inode}`
}
