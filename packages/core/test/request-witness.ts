import type { ResolvedPolicy } from '../src/policies/resolve-policy.ts'
import type { LossVerdict } from '../src/request/after-loss.ts'
import type { Loss } from '../src/request/request-registry.ts'
import type { TestConnection } from './recording-effects.ts'
import type { TestRequest } from './test-request.ts'

/** What a server, or the network, got of a request by one connection. */
interface Copy {
  readonly connectionId: number
  isWhole: boolean
  /** Whether the peer said for certain that it did nothing with it. */
  isRefused: boolean
}

/** What the world outside the pool knows of a request. */
interface Testimony {
  readonly copies: Copy[]
  /** How its caller heard the last of it. */
  heard: string | undefined
  /** How often it lost a connection that had never been used, with nothing written. */
  freshLosses: number
}

/** What became of a request that lost its connection. */
interface Judgement {
  readonly verdict: LossVerdict
  /** Whether the pool was destroyed meanwhile, or the response had begun. */
  readonly isHopeless: boolean
}

const fail = (message: string): never => {
  throw new Error(message)
}

/** Methods whose requests do no harm when they arrive twice, as far as the policy trusts that. */
const HARMLESS: Readonly<Record<ResolvedPolicy['replay'], RegExp>> = {
  never: /^$/u,
  safe: /^(?:GET|HEAD|OPTIONS|TRACE|QUERY)$/u,
  idempotent: /^(?:GET|HEAD|OPTIONS|TRACE|QUERY|PUT|DELETE)$/u,
}

/**
 * Stands outside the pool, sees what is written to which connection and what callers hear, and throws where
 * a promise to them is broken. It knows nothing of states, and decides nothing.
 */
export class RequestWitness {
  readonly #replay: ResolvedPolicy['replay']
  readonly #testimonies: Map<TestRequest, Testimony> = new Map()

  constructor(replay: ResolvedPolicy['replay']) {
    this.#replay = replay
  }

  /** Bytes of the request leave by the connection. */
  wrote(request: TestRequest, { id }: TestConnection, isWhole: boolean): void {
    const { copies, heard } = this.#of(request)
    if (heard !== undefined) fail(`${request} is written although its caller heard: ${heard}`)
    const own = copies.find(({ connectionId }) => connectionId === id)
    if (own !== undefined) {
      own.isWhole ||= isWhole
      return
    }
    const others = copies.filter(({ isRefused }) => !isRefused)
    if (others.length > 0 && !this.#isHarmless(request)) {
      fail(`${request} (${request.method}) is written to connection ${id}, too`)
    }
    if (others.length > 1) fail(`${request} is written for the third time`)
    copies.push({ connectionId: id, isWhole, isRefused: false })
  }

  /** Whether nothing of the request has left by the connection. */
  isUnwritten(request: TestRequest, { id }: TestConnection): boolean {
    return !this.#of(request).copies.some(({ connectionId }) => connectionId === id)
  }

  /** The peer says that it did nothing with what came by the connection. */
  refused(request: TestRequest, { id }: TestConnection): void {
    for (const copy of this.#of(request).copies) {
      if (copy.connectionId === id) copy.isRefused = true
    }
  }

  /** The request is taken from its connection, and goes on: nobody may have heard of its end. */
  tookBack(request: TestRequest): void {
    const { heard } = this.#of(request)
    if (heard !== undefined) fail(`${request} goes on, but its caller heard: ${heard}`)
  }

  /**
   * The connection of the request is lost, and that is what becomes of it.
   */
  judged(
    request: TestRequest,
    connection: TestConnection,
    loss: Loss,
    { isHopeless, verdict }: Judgement,
  ): void {
    const testimony = this.#of(request)
    const isFirstFreshLoss = loss.isUnwritten && !connection.isDated && testimony.freshLosses === 0
    if (isFirstFreshLoss) testimony.freshLosses++
    if (verdict !== 'fail') return
    if (testimony.heard === undefined && !isHopeless) {
      if (isFirstFreshLoss || (loss.isUnwritten && connection.isDated)) {
        fail(`${request} fails, but nothing of it was written`)
      }
      if (loss.isRepeatable && this.#mayBeSentAgain(request, connection)) {
        fail(`${request} fails, but could be sent again`)
      }
    }
    this.tell(request, 'its connection was lost')
  }

  /** The caller hears the last of the request, unless it has before. */
  tell(request: TestRequest, how: string): void {
    this.#of(request).heard ??= how
  }

  /** The pool itself has an error for the caller, who must not have heard anything before. */
  rejected(request: TestRequest, error: Error): void {
    const testimony = this.#of(request)
    if (testimony.heard !== undefined) fail(`${request} is rejected, but heard: ${testimony.heard}`)
    testimony.heard = error.message
  }

  /** Whoever has heard the last of its request has one that is at its end, and nobody else has. */
  check(requests: Iterable<TestRequest>): void {
    for (const request of requests) {
      const { heard } = this.#of(request)
      if (request.state.isEnd !== (heard !== undefined)) {
        fail(`${request} is ${request.stateName}, and its caller has heard: ${heard ?? 'nothing'}`)
      }
      const isWaiting = request.stateName === 'waiting'
      if (isWaiting !== (request.waiter?.request === request)) {
        fail(
          `${request} is ${request.stateName}, and has ${isWaiting ? 'no' : 'a'} place in the queue`,
        )
      }
    }
  }

  forget(request: TestRequest): void {
    this.#testimonies.delete(request)
  }

  #of(request: TestRequest): Testimony {
    const known = this.#testimonies.get(request)
    if (known !== undefined) return known
    const testimony: Testimony = { copies: [], heard: undefined, freshLosses: 0 }
    this.#testimonies.set(request, testimony)
    return testimony
  }

  /** Whether all of it, and nothing else, was written to a connection that was used or idle before. */
  #mayBeSentAgain(request: TestRequest, { id, isDated }: TestConnection): boolean {
    const copies = this.#of(request).copies.filter(({ isRefused }) => !isRefused)
    const [first, ...others] = copies
    const isWhole = first?.connectionId === id && first.isWhole
    return isDated && isWhole && others.length === 0 && this.#isHarmless(request)
  }

  #isHarmless({ hasIdempotencyKey, method }: TestRequest): boolean {
    return HARMLESS[this.#replay].test(method) || (hasIdempotencyKey && this.#replay !== 'never')
  }
}

/** Connection and request know each other, and one of both is in use where the other is. */
export const checkAgreement = (connection: TestConnection): void => {
  const { id, request, stateName } = connection
  const isInUse = stateName === 'leased' || stateName === 'draining'
  if (isInUse && request === undefined) fail(`connection ${id} is in use by nobody`)
  if (request === undefined) return
  // Where its end has been decided, its request has it until it is gone.
  if (!(isInUse || stateName === 'closing'))
    fail(`connection ${id} is ${stateName}, with ${request}`)
  if (request.connectionId !== id) fail(`${request} has connection ${request.connectionId}, too`)
  if (request.waiter !== undefined) fail(`${request} waits, although it has connection ${id}`)
}
