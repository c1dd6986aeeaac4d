import { type CloseReason, isPeerClose } from '../src/connection/close-reason.ts'
import { isLoss } from '../src/dialing/dial-pauses.ts'
import { MAX_HAND_ONS } from '../src/dialing/dial-scheduler.ts'
import {
  AcquireTimeoutError,
  HoldfastError,
  IllegalTransitionError,
  PoolClosedError,
  QueueFullError,
} from '../src/errors.ts'
import type { LossVerdict } from '../src/request/after-loss.ts'
import { HELD_UP_MS } from '../src/request/reprieve.ts'
import type { Loss } from '../src/request/request-registry.ts'
import { LOOKS } from '../src/request/response-watch.ts'
import {
  endOf,
  isEnding,
  isLeftOver,
  isLent,
  keptUntilMs,
  type ReferenceConnection,
  type ReferenceVerdict,
  type ReferenceWaiter,
  requestOn,
  verdictOf,
} from './reference-connection.ts'
import { ReferenceMaintenance } from './reference-maintenance.ts'
import {
  getConnection,
  loseConnection,
  type ReferenceRequest,
  verdictOnLoss,
} from './reference-request.ts'

/**
 * What the pool is to do, told in the plainest way: it keeps three lists and what has happened, and
 * answers every question by looking through all of it. It is slow on purpose. Its effects do not
 * call back; they are written down.
 */
export class ReferencePool extends ReferenceMaintenance {
  lease(request: ReferenceRequest, nowMs: number): void {
    const { origin } = request
    if (this.isDraining) {
      this.#refuse(request, new PoolClosedError(origin))
      return
    }
    const connection = this.#chooseIdle(origin, nowMs)
    if (connection !== undefined) {
      this.#lend(connection, request, nowMs)
      this.dialInTurn(nowMs)
      return
    }
    const { maxQueuedRequests } = this.options.policy
    const queued = this.queuedOf(origin).filter(({ isClaimed }) => !isClaimed)
    if (queued.length >= maxQueuedRequests && !this.wouldDialFor(origin)) {
      const error = new QueueFullError(origin, maxQueuedRequests, this.occupancyOf(origin))
      this.look(origin)
      this.#refuse(request, error)
      return
    }
    this.#join(request, false, nowMs)
    this.note('waits', origin)
    this.look(origin)
    this.dialInTurn(nowMs)
    this.hurryOrigin(origin, nowMs)
  }

  warm(key: string, count: number, nowMs: number): number {
    this.dialInTurn(nowMs)
    if (this.isDraining) return 0
    const origin = this.originOf(key)
    const missing = Math.max(0, count - this.aheadOf(key).length)
    const dialCount = Math.min(missing, this.spaceOf(key), this.idleSpaceOf(key))
    origin.warmDialsLeft = dialCount
    this.fill(key, nowMs)
    this.look(key)
    return dialCount
  }

  release(connection: ReferenceConnection, nowMs: number): void {
    if (isLent(connection)) endOf(connection)
    if (isLent(connection) && this.isUntried(connection)) this.endPauses(connection.origin)
    if (connection.state === 'draining') {
      connection.idleSinceMs = nowMs
      this.close(connection, connection.closeReason ?? 'error', nowMs)
      this.dialInTurn(nowMs)
      return
    }
    this.#must(connection, connection.state === 'leased', 'released')
    this.#idles(connection, nowMs)
    this.followCaps()
    const [waiter] = this.waitingOf(connection.origin)
    if (waiter === undefined) this.#keepOrClose(connection, true, nowMs)
    else this.#handOn(connection, waiter, nowMs)
    this.dialInTurn(nowMs)
  }

  #handOn(connection: ReferenceConnection, waiter: ReferenceWaiter, nowMs: number): void {
    const refusal = this.#judge(connection, nowMs).refusal ?? this.#peek(connection)
    const hasHadItsShare = connection.handedOnTo.length >= MAX_HAND_ONS
    const mustYield = hasHadItsShare && this.isShort(connection.origin)
    if (refusal !== undefined) this.close(connection, refusal, nowMs)
    else if (mustYield || this.isShortForFresh(connection.origin)) {
      this.close(connection, 'evicted', nowMs)
    } else {
      connection.handedOnTo.push(waiter.request.name)
      this.#leave(waiter)
      this.#lend(connection, waiter.request, nowMs)
    }
  }

  cancel(request: ReferenceRequest, nowMs: number): void {
    const waiter = this.waiters.find((other) => other.request === request)
    if (waiter === undefined) return
    const dial = this.#giveUp(waiter)
    request.end = 'aborted'
    if (dial !== undefined) this.sayClose(dial)
    this.dialInTurn(nowMs)
  }

  opened(connection: ReferenceConnection, nowMs: number): void {
    this.#must(connection, connection.state === 'connecting', 'opened')
    const own = this.waiterOf(connection)
    const served = own?.isClaimed === true ? own : this.waitingOf(connection.origin)[0]
    connection.openedAtMs = nowMs
    this.#idles(connection, nowMs)
    if (own !== undefined) own.dial = undefined
    if (own !== undefined && served !== undefined && own !== served) {
      own.dial = served.dial
      served.dial = undefined
    }
    if (served === undefined) this.look(connection.origin)
    else this.#leave(served)
    if (served === undefined) this.#keepOrClose(connection, false, nowMs)
    else this.#lend(connection, served.request, nowMs)
    this.goOn(connection.origin, nowMs)
  }

  dialFailed(connection: ReferenceConnection, error: Error, nowMs: number): void {
    const { openedAtMs, origin, state } = connection
    const isDial = openedAtMs === undefined && (state === 'connecting' || state === 'closing')
    this.#must(connection, isDial, 'failed')
    const own = this.waiterOf(connection)
    if (state === 'connecting') this.note('dialFailures', origin)
    this.#end(connection, 'error')
    this.waiters = this.waiters.filter((waiter) => waiter !== own)
    if (state === 'connecting') {
      this.originOf(origin).warmDialsLeft = 0
      this.pause(origin, nowMs)
    }
    this.look(origin)
    if (own !== undefined) this.#refuse(own.request, error)
    this.goOn(origin, nowMs)
  }

  retire(connection: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    if (connection.state === 'idle') this.retireIdle(connection, reason, nowMs)
    else if (connection.state === 'leased') {
      connection.state = 'draining'
      connection.closeReason = reason
    } else if (connection.state === 'lingering') {
      this.heedPeer(connection, reason)
      this.closeNow(connection)
    }
    this.dialInTurn(nowMs)
  }

  closed(connection: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    const { openedAtMs, origin, state } = connection
    this.#must(connection, openedAtMs !== undefined && state !== 'closed', 'closed')
    const request = requestOn(connection)
    this.#vanish(connection, reason, nowMs)
    if (request !== undefined) request.end = 'failed'
    this.#leftPlace(origin, nowMs)
  }

  lose(
    connection: ReferenceConnection,
    loss: Loss,
    reason: CloseReason,
    nowMs: number,
  ): LossVerdict {
    const request = requestOn(connection)
    if (request === undefined) return 'fail'
    const verdict = verdictOnLoss(request, this.options.policy.replay, loss)
    if (verdict === 'fail') {
      request.end = 'failed'
      return verdict
    }
    const { origin } = request
    loseConnection(request, verdict)
    this.#join(request, true, nowMs)
    this.note(verdict === 'move' ? 'moves' : 'replays', origin)
    this.#vanish(connection, reason, nowMs)
    this.effects.push(`take back ${request.name} from ${connection.id}`)
    this.#leftPlace(origin, nowMs)
    this.note('waits', origin)
    this.hurryOrigin(origin, nowMs)
    return verdict
  }

  /** The connection, which had opened, is gone. */
  #vanish(connection: ReferenceConnection, reason: CloseReason, nowMs: number): void {
    const { origin, state } = connection
    if (state === 'idle') this.learn(connection, reason, nowMs)
    this.#end(connection, reason)
    const isLost = isLoss(connection.closeReason ?? reason)
    const wasInUse = state === 'leased' || state === 'draining'
    if (state === 'lingering') this.heedPeer(connection, reason)
    if (state === 'idle' && isPeerClose(reason)) this.endUnused(origin, nowMs)
    if (wasInUse && isLost && this.isUntried(connection)) this.pause(origin, nowMs)
  }

  #leftPlace(origin: string, nowMs: number): void {
    this.settle(origin)
    this.goOn(origin, nowMs)
    this.look(origin)
  }

  detach(connection: ReferenceConnection, nowMs: number): void {
    this.#must(connection, isLent(connection), 'detached')
    endOf(connection)
    connection.state = 'closed'
    this.connections = this.connections.filter((other) => other !== connection)
    this.#leftPlace(connection.origin, nowMs)
  }

  advance(nowMs: number): void {
    const byDeadline = (one: ReferenceConnection, other: ReferenceConnection): number =>
      one.deadlineMs - other.deadlineMs || one.id - other.id
    while (true) {
      const [due] = this.idle().toSorted(byDeadline)
      if (due === undefined || nowMs < due.deadlineMs) break
      const verdict = this.#judge(due, nowMs)
      if (verdict.refusal !== undefined) this.retireIdle(due, verdict.refusal, nowMs)
      else if (nowMs < keptUntilMs(due, verdict.untilMs)) {
        due.deadlineMs = keptUntilMs(due, verdict.untilMs)
      } else this.retireIdle(due, 'trimmed', nowMs)
    }
    this.endVainWaits(nowMs)
    this.trim(nowMs)
    this.dialInTurn(nowMs)
    this.wake(nowMs)
    this.#endSilent(nowMs)
    this.#refuseOverdue(nowMs)
    this.dialInTurn(nowMs)
  }

  #endSilent(nowMs: number): void {
    while (true) {
      const due = this.firstToAsk()
      if (due === undefined || nowMs < due.lookAtMs) return
      const isLate = due.lookAtMs > this.silentReprievedToMs && nowMs - due.lookAtMs > HELD_UP_MS
      if (isLate) this.silentReprievedToMs = nowMs
      if (nowMs <= this.silentReprievedToMs) return
      this.effects.push(`ask ${due.id}`)
      const { responseTimeoutMs } = this.options.policy
      const upAtMs = this.options.silentSince(due, nowMs) + responseTimeoutMs
      due.lookAtMs = Math.min(upAtMs, this.#nextLookMs(nowMs))
      if (nowMs < upAtMs) continue
      due.state = 'closing'
      due.closeReason ??= 'response_timeout'
      this.sayClose(due)
    }
  }

  #nextLookMs(nowMs: number): number {
    return nowMs + Math.ceil(this.options.policy.responseTimeoutMs / LOOKS)
  }

  #refuseOverdue(nowMs: number): void {
    for (const waiter of this.waiters) {
      const upAtMs = this.upAtMs(waiter)
      if (nowMs < upAtMs) break
      if (upAtMs > this.reprievedToMs && nowMs - upAtMs > HELD_UP_MS) this.reprievedToMs = nowMs
      if (nowMs <= this.reprievedToMs) break
      const { origin, request } = waiter
      const { acquireTimeoutMs } = this.options.policy
      const error = new AcquireTimeoutError(origin, acquireTimeoutMs, this.occupancyOf(origin))
      const dial = this.#giveUp(waiter)
      this.#refuse(request, error)
      if (dial !== undefined) this.sayClose(dial)
    }
  }

  drain(nowMs: number): void {
    this.isDraining = true
    this.pauses = []
    for (const connection of this.inOrderOfOrigins()) {
      if (isEnding(connection) || this.waitingOf(connection.origin).length > 0) continue
      this.retire(connection, 'drained', nowMs)
    }
  }

  destroy(nowMs: number): void {
    this.pauses = []
    for (const origin of this.origins) {
      origin.warmDialsLeft = 0
      origin.usedAtMs = undefined
    }
    const doomed = this.inOrderOfOrigins().filter(({ state }) => state !== 'closing')
    for (const connection of doomed) {
      const waiter = this.waiterOf(connection)
      if (waiter !== undefined) waiter.isClaimed = true
      const request = requestOn(connection)
      if (request !== undefined) request.isDoomed = true
      connection.state = 'closing'
      connection.closeReason ??= 'destroyed'
      this.look(connection.origin)
    }
    for (const connection of doomed) this.sayClose(connection)
    this.dialInTurn(nowMs)
  }

  /** Adds a waiter; one that has lost a connection takes nothing but a dial. */
  #join(request: ReferenceRequest, hasLost: boolean, nowMs: number): void {
    const { origin } = request
    const [dial] = this.spareDialsOf(origin)
    const waiter: ReferenceWaiter = {
      request,
      origin,
      sinceMs: nowMs,
      dial: undefined,
      isClaimed: hasLost,
    }
    request.isQueued = true
    this.originOf(origin)
    this.waiters.push(waiter)
    if (dial !== undefined) this.bind(waiter, dial)
  }

  #chooseIdle(origin: string, nowMs: number): ReferenceConnection | undefined {
    const isNewestFirst = this.options.scheduling === 'lifo'
    const all = this.idle().filter((connection) => connection.origin === origin)
    const used = all.filter((connection) => !isLeftOver(connection))
    const inOrder = isNewestFirst ? used.toReversed() : used
    for (const connection of [...all.filter(isLeftOver), ...inOrder]) {
      if (connection.state !== 'idle') continue
      const refusal = this.#judge(connection, nowMs).refusal ?? this.#peek(connection)
      if (refusal === undefined) return connection
      this.retireIdle(connection, refusal, nowMs)
    }
    return undefined
  }

  #peek(connection: ReferenceConnection): CloseReason | undefined {
    if (this.options.policy.staleCheck === 'none') return undefined
    this.effects.push(`peek ${connection.id}`)
    const look = this.options.peek()
    connection.isSure = look === 'alive'
    return look === 'alive' || look === 'unsure' ? undefined : look
  }

  #judge(connection: ReferenceConnection, nowMs: number): ReferenceVerdict {
    const learnedIdleMs = this.learned.get(connection.origin)
    return verdictOf(connection, this.options.policy, learnedIdleMs, nowMs)
  }

  #lend(connection: ReferenceConnection, request: ReferenceRequest, nowMs: number): void {
    getConnection(request, connection.id, connection.served.length > 0 || connection.hasBeenIdle)
    this.note('leases', connection.origin)
    if (connection.served.length > 0) this.note('reuses', connection.origin)
    connection.served.push(request)
    connection.lookAtMs = this.#nextLookMs(nowMs)
    const { refusal } = this.#judge(connection, nowMs)
    connection.state = refusal === undefined ? 'leased' : 'draining'
    connection.closeReason = refusal
    const suffix = `${refusal === undefined ? '' : ' as its last'}${connection.isSure ? '' : ' unsure'}`
    this.noteUse(connection.origin, nowMs)
    this.effects.push(`grant ${connection.id} to ${request.name}${suffix}`)
    if (this.options.policy.minIdlePerOrigin === 0) return
    const origin = this.originOf(connection.origin)
    origin.usedAtMs = nowMs
    this.fill(connection.origin, nowMs)
  }

  /** Keeps a connection that nobody waits for, if there is room for it. */
  #keepOrClose(connection: ReferenceConnection, wasInUse: boolean, nowMs: number): void {
    const { origin } = connection
    const mayKeep = !wasInUse || this.options.mayKeep(connection)
    const verdict = this.#judge(connection, nowMs)
    const others = this.idle().filter((other) => other.origin === origin && other !== connection)
    if (verdict.refusal !== undefined) this.close(connection, verdict.refusal, nowMs)
    else if (this.isDraining) this.close(connection, 'drained', nowMs)
    else if (this.isShort(origin) || this.isShortForFresh(origin))
      this.close(connection, 'evicted', nowMs)
    else if (others.length >= this.options.caps.maxIdlePerOrigin)
      this.close(connection, 'trimmed', nowMs)
    else if (mayKeep) {
      connection.handedOnTo = []
      connection.hasBeenIdle = true
      connection.deadlineMs = keptUntilMs(connection, verdict.untilMs)
      this.moveToEnd(connection)
    } else this.close(connection, 'response_close', nowMs)
    this.noteUse(origin, nowMs)
  }

  #idles(connection: ReferenceConnection, nowMs: number): void {
    connection.state = 'idle'
    connection.idleSinceMs = nowMs
  }

  /** It holds no descriptor any more. */
  #end(connection: ReferenceConnection, reason: CloseReason): void {
    connection.state = 'closed'
    connection.closeReason ??= reason
    this.connections = this.connections.filter((other) => other !== connection)
    this.note('closes', connection.origin, connection.closeReason)
  }

  /** The waiter waits no more: the next one without a dial gets its dial, or it is spare. */
  #leave(waiter: ReferenceWaiter): void {
    const { dial, origin } = waiter
    this.waiters = this.waiters.filter((other) => other !== waiter)
    if (dial?.state === 'connecting') {
      const [next] = this.inOrderOfTurns(origin)
      if (next === undefined) this.moveToEnd(dial)
      else this.bind(next, dial)
    }
    this.look(origin)
  }

  /** The waiter gives up: its dial ends with it, unless somebody without one may take that. */
  #giveUp(waiter: ReferenceWaiter): ReferenceConnection | undefined {
    const { dial, origin } = waiter
    this.waiters = this.waiters.filter((other) => other !== waiter)
    const isBoundEarly = this.options.policy.binding === 'early'
    const [next] = isBoundEarly ? [] : this.inOrderOfTurns(origin)
    const isGivenUp = dial?.state === 'connecting' && next === undefined
    if (dial?.state === 'connecting' && next !== undefined) this.bind(next, dial)
    if (dial !== undefined && isGivenUp) {
      dial.state = 'closing'
      dial.closeReason = 'aborted'
    }
    this.look(origin)
    return isGivenUp ? dial : undefined
  }

  #refuse(request: ReferenceRequest, error: Error): void {
    request.end = 'rejected'
    const code = error instanceof HoldfastError ? error.code : undefined
    this.note('rejections', request.origin, code ?? 'dial_failed')
    this.effects.push(`reject ${request.name}: ${code ?? error.message}`)
    this.messages.push(error.message)
  }

  #must({ id, state }: ReferenceConnection, isLegal: boolean, event: string): void {
    if (!isLegal) throw new IllegalTransitionError(`connection ${id}`, state, event)
  }
}
