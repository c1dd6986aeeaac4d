import type { TcpRow } from '../linux/tcp-table.ts'
import { destinationOf } from './watched-rows.ts'

/** Nobody takes this long to notice that the peer has closed. */
export const CLOSE_WAIT_PATIENCE_MS = 10_000

/** Connections whose peer has closed, and which the process still holds. */
export interface StaleCloseWaits {
  readonly count: number
  /** Since when the oldest was seen in this state. */
  readonly oldestMs: number
}

/** Remembers since when each connection has been in CLOSE_WAIT. */
export class CloseWaitAges {
  #since = new Map<string, number>()

  /** Those that have been in CLOSE_WAIT for longer than is explained by a process that is busy. */
  update(rows: readonly TcpRow[], atMs: number): StaleCloseWaits {
    const waiting = rows.filter(({ state }) => state === 'CLOSE_WAIT').map(identityOf)
    this.#since = new Map(waiting.map((key) => [key, this.#since.get(key) ?? atMs]))
    const ages = [...this.#since.values()].map((since) => atMs - since)
    const stale = ages.filter((ageMs) => ageMs >= CLOSE_WAIT_PATIENCE_MS)
    // A pile can be too high to be the arguments of one call.
    return { count: stale.length, oldestMs: stale.reduce((a, b) => Math.max(a, b), 0) }
  }
}

function identityOf(row: TcpRow): string {
  return `${row.localAddress}:${row.localPort} ${destinationOf(row)} ${row.inode}`
}
