import type { Dialer } from './dialer.ts'
import type { IdleKeeper } from './idle-keeper.ts'
import type { Roster } from './roster.ts'
import type { Turns } from './turns.ts'
import type { WaitQueue } from './wait-queue.ts'

/** What the parts of a pool share. */
export interface PoolParts<Transport, Request> {
  readonly roster: Roster<Transport, Request>
  readonly waiters: WaitQueue<Transport, Request>
  readonly turns: Turns<Transport, Request>
  readonly keeper: IdleKeeper<Transport, Request>
  readonly dialer: Dialer<Transport, Request>
}
