import type { CloseReason } from '../src/close-reason.ts'
import {
  AcquireTimeoutError,
  HoldfastError,
  IllegalTransitionError,
  PoolClosedError,
  QueueFullError,
} from '../src/errors.ts'
import { MIN_LEARNED_IDLE_MS } from '../src/idle-limits.ts'
import { MAX_HAND_ONS } from '../src/turns.ts'
import {
  dialled,
  type ReferenceConnection,
  type ReferenceVerdict,
  type ReferenceWaiter,
  verdictOf,
} from './reference-connection.ts'
import { ReferenceLedger } from './reference-ledger.ts'

/**
 * What the pool is to do, told in the plainest way: it keeps three lists and what has happened, and
 * answers every question by looking through all of it. It is slow on purpose. Its effects do not
 * call back; they are written down.
 */
export class ReferencePool extends ReferenceLedger {
  /** How long the peers of an origin were seen to leave a connection idle, less a margin. */
  readonly learned: Map<string, number> = new Map()
  /** What it made happen since somebody last emptied it. */
  readonly effects: string[] = []
  /** Of the errors with which it rejected requests since. */
  readonly messages: string[] = []
  isDraining = false

  lease(origin: string, request: string, nowMs: number): ReferenceWaiter | undefined {
    if (this.isDraining) return this.#refuse(origin, request, new PoolClosedError(origin))
    const connection = this.#chooseIdle(origin, nowMs)
    if (connection !== undefined) {
      this.#lend(connection, request, nowMs)
      return undefined
    }
    const { maxQueuedRequests } = this.options.policy
    if (this.queuedOf(origin).length >= maxQueuedRequests && !this.wouldDialFor(origin)) {
      const error = new QueueFullError(origin, maxQueuedRequests, this.occupancyOf(origin))
      this.look(origin)
      return this.#refuse(origin, request, error)
    }
    return this.#wait(origin, request, nowMs)
  }

  release(connection: ReferenceConnection, nowMs: number): void {
    if (connection.state === 'draining') {
      connection.idleSinceMs = nowMs
      this.#close(connection, connection.closeReason ?? 'error')
      return
    }
    this.#must(connection, connection.state === 'leased', 'released')
    this.#rest(connection, nowMs)
    const [waiter] = this.waitingOf(connection.origin)
    if (waiter === undefined) {
      this.#keepOrClose(connection, nowMs)
      this.#dialInTurn(nowMs)
      return
    }
    const { refusal } = this.#judge(connection, nowMs)
    const hasHadItsShare = connection.handedOnTo.length >= MAX_HAND_ONS
    if (refusal !== undefined) this.#close(connection, refusal)
    else if (hasHadItsShare && this.isShort(connection.origin)) this.#close(connection, 'evicted')
    else {
      connection.handedOnTo.push(waiter.request)
      this.#leave(waiter)
      this.#lend(connection, waiter.request, nowMs)
    }
  }

  cancel(waiter: ReferenceWaiter): void {
    if (this.waiters.includes(waiter)) this.#leave(waiter)
  }

  claim(connection: ReferenceConnection): void {
    const waiter = this.waiterOf(connection)
    if (waiter !== undefined) waiter.isClaimed = true
  }

  opened(connection: ReferenceConnection, nowMs: number): void {
    this.#must(connection, connection.state === 'connecting', 'opened')
    const own = this.waiterOf(connection)
    const served = own?.isClaimed === true ? own : this.waitingOf(connection.origin)[0]
    connection.openedAtMs = nowMs
    this.#rest(connection, nowMs)
    if (own !== undefined) own.dial = undefined
    if (own !== undefined && served !== undefined && own !== served) {
      own.dial = served.dial
      served.dial = undefined
    }
    if (served === undefined) this.look(connection.origin)
    else this.#leave(served)
    if (served === undefined) this.#keepOrClose(connection, nowMs)
    else this.#lend(connection, served.request, nowMs)
    this.#dialInTurn(nowMs)
  }

  dialFailed(connection: ReferenceConnection, error: Error, nowMs: number): void {
    const { openedAtMs, origin, state } = connection
    const isDial = openedAtMs === undefined && (state === 'connecting' || state === 'closing')
    this.#must(connection, isDial, 'failed')
    const own = this.waiterOf(connection)
    this.note('dialFailures', origin)
    this.#end(connection, 'error')
    this.waiters = this.waiters.filter((waiter) => waiter !== own)
    this.look(origin)
    if (own !== undefined) this.#refuse(origin, own.request, error)
    this.#dialInTurn(nowMs)
  }

  retire(connection: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    if (connection.state === 'idle') {
      this.#learn(connection, reason, nowMs)
      this.#close(connection, reason)
    } else if (connection.state === 'leased') {
      connection.state = 'draining'
      connection.closeReason = reason
    }
  }

  closed(connection: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    const { openedAtMs, origin, state } = connection
    this.#must(connection, openedAtMs !== undefined && state !== 'closed', 'closed')
    if (state === 'idle') this.#learn(connection, reason, nowMs)
    this.#end(connection, reason)
    this.look(origin)
    this.#dialInTurn(nowMs)
  }

  detach(connection: ReferenceConnection, nowMs: number): void {
    this.#must(connection, isLent(connection), 'detached')
    connection.state = 'closed'
    this.connections = this.connections.filter((other) => other !== connection)
    this.look(connection.origin)
    this.#dialInTurn(nowMs)
  }

  advance(nowMs: number): void {
    const byDeadline = (one: ReferenceConnection, other: ReferenceConnection): number =>
      one.deadlineMs - other.deadlineMs || one.id - other.id
    while (true) {
      const [due] = this.idle().toSorted(byDeadline)
      if (due === undefined || nowMs < due.deadlineMs) break
      const verdict = this.#judge(due, nowMs)
      if (verdict.refusal === undefined) due.deadlineMs = verdict.untilMs
      else this.retire(due, verdict.refusal, nowMs)
    }
    const { acquireTimeoutMs } = this.options.policy
    for (const waiter of this.waiters) {
      if (nowMs < waiter.sinceMs + acquireTimeoutMs) break
      const { origin, request } = waiter
      const error = new AcquireTimeoutError(origin, acquireTimeoutMs, this.occupancyOf(origin))
      this.#leave(waiter)
      this.#refuse(origin, request, error)
    }
  }

  drain(nowMs: number): void {
    this.isDraining = true
    for (const connection of this.inOrderOfOrigins()) {
      if (this.waitingOf(connection.origin).length === 0) this.retire(connection, 'drained', nowMs)
    }
  }

  destroy(nowMs: number): void {
    const doomed = this.inOrderOfOrigins().filter(({ state }) => state !== 'closing')
    for (const connection of doomed) {
      this.claim(connection)
      connection.state = 'closing'
      connection.closeReason ??= 'destroyed'
      this.look(connection.origin)
    }
    for (const connection of doomed) this.#sayClose(connection)
    this.#dialInTurn(nowMs)
  }

  #wait(origin: string, request: string, nowMs: number): ReferenceWaiter {
    const [dial] = this.spareDialsOf(origin)
    const waiter: ReferenceWaiter = { request, origin, sinceMs: nowMs, dial, isClaimed: false }
    if (!this.isKnown(origin)) this.origins.push({ key: origin, caps: this.options.caps })
    this.waiters.push(waiter)
    this.note('waits', origin)
    this.look(origin)
    this.#dialInTurn(nowMs)
    return waiter
  }

  #chooseIdle(origin: string, nowMs: number): ReferenceConnection | undefined {
    const isNewestFirst = this.options.scheduling === 'lifo'
    const idle = this.idle().filter((connection) => connection.origin === origin)
    for (const connection of isNewestFirst ? idle.toReversed() : idle) {
      const refusal = this.#judge(connection, nowMs).refusal ?? this.#peek(connection)
      if (refusal === undefined) return connection
      this.retire(connection, refusal, nowMs)
    }
    return undefined
  }

  #peek({ id }: ReferenceConnection): CloseReason | undefined {
    if (this.options.policy.staleCheck !== 'peek') return undefined
    this.effects.push(`peek ${id}`)
    return this.options.peek()
  }

  #judge(connection: ReferenceConnection, nowMs: number): ReferenceVerdict {
    const learnedIdleMs = this.learned.get(connection.origin)
    return verdictOf(connection, this.options.policy, learnedIdleMs, nowMs)
  }

  #lend(connection: ReferenceConnection, request: string, nowMs: number): void {
    this.note('leases', connection.origin)
    if (connection.served.length > 0) this.note('reuses', connection.origin)
    connection.served.push(request)
    const { refusal } = this.#judge(connection, nowMs)
    connection.state = refusal === undefined ? 'leased' : 'draining'
    connection.closeReason = refusal
    const suffix = refusal === undefined ? '' : ' as its last'
    this.effects.push(`grant ${connection.id} to ${request}${suffix}`)
  }

  /** Keeps a connection that nobody waits for, if there is room for it. */
  #keepOrClose(connection: ReferenceConnection, nowMs: number): void {
    const { origin } = connection
    const verdict = this.#judge(connection, nowMs)
    const others = this.idle().filter((other) => other.origin === origin && other !== connection)
    if (verdict.refusal !== undefined) this.#close(connection, verdict.refusal)
    else if (this.isDraining) this.#close(connection, 'drained')
    else if (this.isShort(origin)) this.#close(connection, 'evicted')
    else if (others.length >= this.options.caps.maxIdlePerOrigin) this.#close(connection, 'trimmed')
    else {
      connection.handedOnTo = []
      connection.deadlineMs = verdict.untilMs
      this.moveToEnd(connection)
    }
  }

  #rest(connection: ReferenceConnection, nowMs: number): void {
    connection.state = 'idle'
    connection.idleSinceMs = nowMs
  }

  #close(connection: ReferenceConnection, reason: CloseReason): void {
    connection.state = 'closing'
    connection.closeReason = reason
    this.#sayClose(connection)
  }

  #sayClose({ closeReason, id }: ReferenceConnection): void {
    this.effects.push(`close ${id}: ${closeReason}`)
  }

  /** It holds no descriptor any more. */
  #end(connection: ReferenceConnection, reason: CloseReason): void {
    connection.state = 'closed'
    connection.closeReason ??= reason
    this.connections = this.connections.filter((other) => other !== connection)
    this.note('closes', connection.origin, connection.closeReason)
  }

  /** An idle connection ends: what that says about how long its peer keeps such connections. */
  #learn({ idleSinceMs, origin }: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    const known = this.learned.get(origin)
    const idleMs = nowMs - idleSinceMs
    const isPeers = reason === 'peer_fin' || reason === 'peer_reset'
    if (isPeers && idleMs >= MIN_LEARNED_IDLE_MS) {
      this.learned.set(origin, Math.min(known ?? Number.POSITIVE_INFINITY, idleMs * 0.8))
    } else if (reason === 'learned_limit' && known !== undefined) {
      this.learned.set(origin, known * 1.05)
    }
  }

  /** The waiter waits no more: the next one without a dial gets its dial, or it is spare. */
  #leave(waiter: ReferenceWaiter): void {
    const { dial, origin } = waiter
    this.waiters = this.waiters.filter((other) => other !== waiter)
    if (dial?.state === 'connecting') {
      const [next] = this.queuedOf(origin)
      if (next === undefined) this.moveToEnd(dial)
      else next.dial = dial
    }
    this.look(origin)
  }

  #dialInTurn(nowMs: number): void {
    while (true) {
      const origin = this.#takeTurn()
      if (origin !== undefined) this.#dial(origin)
      else if (!this.#makeRoom(nowMs)) return
    }
  }

  #takeTurn(): string | undefined {
    while (this.connections.length < this.options.caps.maxTotal) {
      const [origin] = this.row
      if (origin === undefined) return undefined
      this.row = this.row.slice(1)
      if (this.roomOf(origin, this.options.caps) > 0) return origin
      this.look(origin)
    }
    return undefined
  }

  #dial(origin: string): void {
    const [waiter] = this.queuedOf(origin)
    if (waiter === undefined) throw new Error(`${origin} has its turn, but nobody waits`)
    const id = this.facts.filter(({ kind }) => kind === 'dials').length + 1
    const connection = dialled(id, origin, this.options.random())
    this.connections.push(connection)
    waiter.dial = connection
    this.note('dials', origin)
    this.look(origin)
    this.effects.push(`dial ${id} for ${waiter.request}`)
  }

  #makeRoom(nowMs: number): boolean {
    const [longestIdle] = this.idle()
    if (longestIdle === undefined || !this.isShort()) return false
    this.retire(longestIdle, 'evicted', nowMs)
    return true
  }

  #refuse(origin: string, request: string, error: Error): undefined {
    this.note('rejections', origin)
    const code = error instanceof HoldfastError ? error.code : error.message
    this.effects.push(`reject ${request}: ${code}`)
    this.messages.push(error.message)
  }

  #must({ id, state }: ReferenceConnection, isLegal: boolean, event: string): void {
    if (!isLegal) throw new IllegalTransitionError(id, state, event)
  }
}

const isLent = ({ state }: ReferenceConnection): boolean =>
  state === 'leased' || state === 'draining'
