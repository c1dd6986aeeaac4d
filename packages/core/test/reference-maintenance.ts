import { type CloseReason, isPeerClose } from '../src/connection/close-reason.ts'
import { MIN_LEARNED_IDLE_MS } from '../src/connection/idle-limits.ts'
import { FIRST_PAUSE_MS, isLoss, LONGEST_PAUSE_MS } from '../src/dialing/dial-pauses.ts'
import { TRIM_INTERVAL_MS } from '../src/idle/trimmer.ts'
import { ReferenceClosing } from './reference-closing.ts'
import {
  dialled,
  isLeftOver,
  type ReferenceConnection,
  type ReferenceWaiter,
} from './reference-connection.ts'
import { isSureOfReplay } from './reference-request.ts'

/** What the reference does beside serving requests: dials in turn and for warmth, closes, learns. */
export class ReferenceMaintenance extends ReferenceClosing {
  /** How long the peers of an origin were seen to leave a connection idle, less a margin. */
  readonly learned: Map<string, number> = new Map()
  /** Of the errors with which it rejected requests since somebody last emptied it. */
  readonly messages: string[] = []
  isDraining = false

  protected retireIdle(connection: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    this.learn(connection, reason, nowMs)
    this.close(connection, reason, nowMs)
    if (isPeerClose(reason)) this.endUnused(connection.origin, nowMs)
  }

  protected endUnused(key: string, nowMs: number): void {
    for (const connection of this.idleInOrderOfUse(key)) {
      if (isLeftOver(connection)) this.retireIdle(connection, 'trimmed', nowMs)
    }
  }

  /** The idle connections of an origin that has used them, and then those that it has not. */
  protected idleInOrderOfUse(key: string): ReferenceConnection[] {
    const idle = this.idle().filter(({ origin }) => origin === key)
    const unused = idle.filter(isLeftOver)
    return [...idle.filter((connection) => !isLeftOver(connection)), ...unused]
  }

  /** Idle connections of the origin go where its requests that take nothing but a dial need places. */
  protected makeWay(key: string, nowMs: number): void {
    while (this.isShortForFresh(key)) {
      const [oldest] = this.idleInOrderOfUse(key)
      if (oldest === undefined) return
      this.retireIdle(oldest, 'evicted', nowMs)
    }
  }

  /** An idle connection ends: what that says about how long its peer keeps such connections. */
  protected learn(connection: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    const { announcedRequests, idleSinceMs, origin, served } = connection
    const hasReachedLimit = served.length >= (announcedRequests ?? Number.POSITIVE_INFINITY)
    const known = this.learned.get(origin)
    const idleMs = nowMs - idleSinceMs
    const isPeers = reason === 'peer_fin' || reason === 'peer_reset'
    if (isPeers && idleMs >= MIN_LEARNED_IDLE_MS && !hasReachedLimit) {
      this.learned.set(origin, Math.min(known ?? Number.POSITIVE_INFINITY, idleMs * 0.8))
    } else if (reason === 'learned_limit' && known !== undefined) {
      this.learned.set(origin, known * 1.05)
    }
    if (served.length === 0 && isLoss(reason)) this.pause(origin, nowMs)
  }

  protected dialInTurn(nowMs: number): void {
    while (true) {
      const origin = this.takeTurn()
      if (origin !== undefined) this.dial(origin)
      else if (!this.makeRoom(nowMs)) return
    }
  }

  protected takeTurn(): string | undefined {
    this.followCaps()
    if (this.connections.length >= this.options.caps.maxTotal) return undefined
    return this.row.shift()
  }

  /** Those without a dial: first those that take nothing else. */
  protected inOrderOfTurns(origin: string): ReferenceWaiter[] {
    return [...this.freshOf(origin), ...this.queuedOf(origin)]
  }

  protected dial(origin: string): void {
    const [waiter] = this.inOrderOfTurns(origin)
    if (waiter === undefined) throw new Error(`${origin} has its turn, but nobody waits`)
    const connection = this.begin(origin)
    this.bind(waiter, connection)
    this.look(origin)
    this.effects.push(`dial ${connection.id} for ${waiter.request.name}`)
  }

  /** The waiter takes nothing else from now on, unless binding is late and its request may be repeated. */
  protected bind(waiter: ReferenceWaiter, dial: ReferenceConnection): void {
    const { binding, replay } = this.options.policy
    waiter.dial = dial
    if (binding === 'early' || !isSureOfReplay(waiter.request, replay)) waiter.isClaimed = true
  }

  protected begin(origin: string): ReferenceConnection {
    const id = this.facts.filter(({ kind }) => kind === 'dials').length + 1
    const connection = dialled(id, origin, this.options.random())
    this.connections.push(connection)
    this.note('dials', origin)
    return connection
  }

  protected makeRoom(nowMs: number): boolean {
    this.hurryAll(nowMs)
    const [spareDial] = this.spareDials()
    const [longestIdle] = this.idle()
    if (!this.isShort()) return false
    if (spareDial !== undefined) this.close(spareDial, 'evicted', nowMs)
    else if (longestIdle === undefined) return false
    else this.retireIdle(longestIdle, 'evicted', nowMs)
    return true
  }

  /** There may be a place: for those who wait, then for the warmth of this origin, then of others. */
  protected goOn(origin: string, nowMs: number): void {
    this.makeWay(origin, nowMs)
    this.dialInTurn(nowMs)
    this.fill(origin, nowMs)
    while (this.hasFreePlace()) {
      const key = this.cold.shift()
      if (key === undefined) return
      this.fill(key, nowMs)
    }
  }

  /** Dials for warmth. */
  protected fill(key: string, nowMs: number): void {
    while (this.isKnown(key) && this.lacksWarmth(key, nowMs)) {
      if (this.roomOf(key, this.options.caps.maxPerOrigin) <= 0) return
      if (!this.hasFreePlace()) {
        if (!this.cold.includes(key)) this.cold.push(key)
        return
      }
      const origin = this.originOf(key)
      origin.warmDialsLeft = Math.max(0, origin.warmDialsLeft - 1)
      const connection = this.begin(key)
      connection.isAhead = true
      this.look(key)
      this.effects.push(`dial ${connection.id} ahead`)
    }
  }

  protected lacksWarmth(key: string, nowMs: number): boolean {
    const { usedAtMs, warmDialsLeft } = this.originOf(key)
    const { idleTimeoutMs, minIdlePerOrigin } = this.options.policy
    if (this.isDraining || this.idleSpaceOf(key) === 0) return false
    if (warmDialsLeft > 0) return true
    if (usedAtMs === undefined || nowMs >= usedAtMs + idleTimeoutMs) return false
    return !this.isPaused(key) && this.aheadOf(key).length < minIdlePerOrigin
  }

  protected isPaused(key: string): boolean {
    return this.pauses.some(({ origin, isTold }) => origin === key && !isTold)
  }

  /** A dial, or what was dialled for warmth, came to nothing: the origin is left alone for a while. */
  protected pause(key: string, nowMs: number): void {
    if (this.options.policy.minIdlePerOrigin === 0 || this.isPaused(key)) return
    const last = this.pauses.find(({ origin }) => origin === key)
    const isLate = last !== undefined && nowMs > last.endsAtMs + LONGEST_PAUSE_MS
    const count = last === undefined || isLate ? 1 : last.count + 1
    const endsAtMs = nowMs + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1))
    this.endPauses(key)
    this.pauses.push({ origin: key, endsAtMs, count, isTold: false })
  }

  protected endPauses(key: string): void {
    this.pauses = this.pauses.filter(({ origin }) => origin !== key)
  }

  /** Whether a connection that was dialled for warmth serves, or has just served, its first request. */
  protected isUntried({ served, hasBeenIdle }: ReferenceConnection): boolean {
    return served.length === 1 && hasBeenIdle
  }

  protected wake(nowMs: number): void {
    while (true) {
      const [due] = this.pauses
        .filter(({ endsAtMs, isTold }) => !isTold && nowMs >= endsAtMs)
        .toSorted((one, other) => one.endsAtMs - other.endsAtMs)
      if (due === undefined) return
      this.pauses = this.pauses.map((pause) => (pause === due ? { ...due, isTold: true } : pause))
      if (this.isKnown(due.origin)) this.fill(due.origin, nowMs)
    }
  }

  /** The origin has one more connection in use, or one more idle. */
  protected noteUse(key: string, nowMs: number): void {
    if (this.options.policy.trim === 'none') return
    const origin = this.originOf(key)
    origin.inUse.push(this.inUseOf(key))
    if (origin.trimAtMs !== undefined) return
    origin.trimAtMs = nowMs + TRIM_INTERVAL_MS
    this.trimOrder.push(key)
  }

  protected trim(nowMs: number): void {
    for (const key of [...this.trimOrder]) {
      const origin = this.originOf(key)
      if (nowMs < (origin.trimAtMs ?? nowMs)) return
      origin.trimAtMs = nowMs + TRIM_INTERVAL_MS
      this.trimOrder = [...this.trimOrder.slice(1), key]
      const peak = Math.max(...origin.inUse)
      const needed = Math.max(origin.needed, peak)
      origin.needed = (needed + peak) / 2
      origin.inUse = [this.inUseOf(key)]
      const idle = this.idleInOrderOfUse(key)
      const half = Math.ceil((idle.length + this.inUseOf(key) - needed) / 2)
      const most = idle.length - this.options.policy.minIdlePerOrigin
      for (const connection of idle.slice(0, Math.max(0, Math.min(half, most)))) {
        this.retireIdle(connection, 'trimmed', nowMs)
      }
    }
  }
}
