import { HURRIED_WAIT_MS } from '../src/closing/closer.ts'
import { MAX_VAIN_WAITS, RETRY_EVERY } from '../src/closing/peer-habits.ts'
import { type CloseReason, isPeerClose } from '../src/connection/close-reason.ts'
import type { ReferenceConnection } from './reference-connection.ts'
import { ReferenceLedger } from './reference-ledger.ts'

/** How the reference closes connections: after their peers where that is worth while. */
export class ReferenceClosing extends ReferenceLedger {
  /** What it made happen since somebody last emptied it. */
  readonly effects: string[] = []
  /**
   * For each origin, and apart for waits in a hurry: connections in a row whose peer did not close in
   * time, or was not waited for because of that.
   */
  readonly vainRuns: Map<string, number> = new Map()

  /** Closes a connection that no request has, or lets it wait for its peer. */
  protected close(connection: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    connection.closeReason = reason
    if (!this.#deservesWait(connection, reason)) {
      this.closeNow(connection)
      return
    }
    const isHurried = this.#isPlaceWanted(connection.origin)
    const { peerCloseWaitMs } = this.options.policy
    const waitMs = isHurried ? Math.min(peerCloseWaitMs, HURRIED_WAIT_MS) : peerCloseWaitMs
    connection.state = 'lingering'
    connection.isHurried = isHurried
    connection.lingersUntilMs = nowMs + waitMs
    this.moveToEnd(connection)
    this.effects.push(`linger ${connection.id}`)
  }

  protected closeNow(connection: ReferenceConnection): void {
    connection.state = 'closing'
    this.sayClose(connection)
  }

  protected sayClose({ closeReason, id }: ReferenceConnection): void {
    this.effects.push(`close ${id}: ${closeReason}`)
  }

  /** A connection that lingers has ended, or is to. */
  protected heedPeer({ isHurried, origin }: ReferenceConnection, reason: CloseReason): void {
    if (!isPeerClose(reason)) return
    this.vainRuns.delete(runKey(origin, false))
    if (isHurried) this.vainRuns.delete(runKey(origin, true))
  }

  /** Where requests of the origin are queued, its peers may not take their time. */
  protected hurryOrigin(key: string, nowMs: number): void {
    if (this.queuedOf(key).length === 0) return
    for (const connection of this.#patient()) {
      if (connection.origin === key) this.#hurry(connection, nowMs)
    }
  }

  /** The same for all, where requests wait for a place under the total cap. */
  protected hurryAll(nowMs: number): void {
    if (this.row.length === 0) return
    for (const connection of this.#patient()) this.#hurry(connection, nowMs)
  }

  /** Closes what has waited for its peer for long enough; anybody who comes late waits once more. */
  protected endVainWaits(nowMs: number): void {
    while (true) {
      const due = this.firstToGiveUp()
      if (due === undefined || nowMs < due.lingersUntilMs) return
      const isLate = due.lingersUntilMs > this.lingeringReprievedToMs && nowMs > due.lingersUntilMs
      if (isLate) this.lingeringReprievedToMs = nowMs
      if (nowMs <= this.lingeringReprievedToMs) return
      this.#addToRun(due.origin, due.isHurried)
      this.closeNow(due)
    }
  }

  #deservesWait(connection: ReferenceConnection, reason: CloseReason): boolean {
    const { closeMode, peerCloseWaitMs } = this.options.policy
    if (closeMode !== 'peer-first' || peerCloseWaitMs === 0) return false
    if (connection.openedAtMs === undefined) return false
    if (!this.options.mayLinger(connection, reason)) return false
    const { origin } = connection
    return this.#isWorthWhile(origin, this.#isPlaceWanted(origin))
  }

  #isWorthWhile(origin: string, isHurried: boolean): boolean {
    const run = this.vainRuns.get(runKey(origin, isHurried)) ?? 0
    if (run < MAX_VAIN_WAITS) return true
    this.#addToRun(origin, isHurried)
    return (run - MAX_VAIN_WAITS + 1) % RETRY_EVERY === 0
  }

  #addToRun(origin: string, isHurried: boolean): void {
    const key = runKey(origin, isHurried)
    this.vainRuns.set(key, (this.vainRuns.get(key) ?? 0) + 1)
  }

  #isPlaceWanted(origin: string): boolean {
    return this.row.length > 0 || this.queuedOf(origin).length > 0
  }

  /** Those that have the whole wait, in the order in which they began. */
  #patient(): ReferenceConnection[] {
    return this.connections.filter(({ isHurried, state }) => state === 'lingering' && !isHurried)
  }

  #hurry(connection: ReferenceConnection, nowMs: number): void {
    const { lingersUntilMs, origin } = connection
    const { peerCloseWaitMs } = this.options.policy
    connection.isHurried = true
    connection.lingersUntilMs = Math.min(
      lingersUntilMs,
      nowMs + Math.min(peerCloseWaitMs, HURRIED_WAIT_MS),
    )
    if (!this.#isWorthWhile(origin, true)) this.closeNow(connection)
  }
}

const runKey = (origin: string, isHurried: boolean): string =>
  isHurried ? `${origin} in a hurry` : origin
