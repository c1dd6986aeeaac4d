import type { CloseReason } from '../src/connection/close-reason.ts'
import type { PoolEvent } from '../src/connection/events.ts'
import type { Effects, Look } from '../src/effects.ts'
import type { Scheduling } from '../src/idle/idle-set.ts'
import type { Caps } from '../src/options/caps.ts'
import type { PolicyOptions } from '../src/policies/policy-options.ts'
import { resolvePolicy } from '../src/policies/resolve-policy.ts'
import { Pool } from '../src/pool.ts'
import { isConnecting, isIdle, isLeased, type ModelConnection, PoolModel } from './pool-model.ts'
import type { TestConnection } from './recording-effects.ts'
import { RequestWitness } from './request-witness.ts'
import { targetOf } from './target-of.ts'
import { TestRequest } from './test-request.ts'

/** What a walk goes through, and with which pool. */
export interface WalkPlan {
  readonly policy: PolicyOptions
  readonly caps: Caps
  readonly scheduling: Scheduling
  /** How the driver reacts within each effect, over and over; never at all where it is empty. */
  readonly whims: readonly number[]
  /** What each peek finds, over and over. */
  readonly peeks: readonly Look[]
  /** What is done, and a number that chooses to what. */
  readonly steps: readonly (readonly [StepName, number])[]
  /** Whether the pool drains before the last waiters are served, or after that. */
  readonly drainsFirst: boolean
}

/** Steps that are listed twice are taken twice as often. */
export const STEP_NAMES = [
  'lease',
  'lease',
  'lease',
  'lease',
  'open',
  'open',
  'open',
  'open',
  'release',
  'release',
  'release',
  'release',
  'finish',
  'finish',
  'fail',
  'lose',
  'lose',
  'send',
  'send',
  'send',
  'answer',
  'abort',
  'cancel',
  'warm',
  'retire',
  'detach',
  'wait',
  'advance',
  'advance',
] as const

/** Steps that few walks take, since they change everything. */
export const RARE_STEP_NAMES = ['destroy', 'changeCaps'] as const

export type StepName = (typeof STEP_NAMES)[number] | (typeof RARE_STEP_NAMES)[number]

const ORIGINS = ['a', 'b', 'c'] as const
const PEER_REASONS = ['peer_fin', 'peer_reset', 'stray_data'] as const
/** How many times the driver may lease from within an effect, for each step of the walk. */
const MAX_NESTED_LEASES = 2

/** A driver that does as it is told, step by step, and keeps a model of what its pool must be. */
export class PoolWalk implements Effects<undefined, TestRequest> {
  readonly pool: Pool<undefined, TestRequest>
  readonly model: PoolModel
  readonly witness: RequestWitness
  /** Every request there ever was, by its name. */
  readonly requests: Map<string, TestRequest> = new Map()
  nowMs = 0
  readonly #caps: { -readonly [Key in keyof Caps]: number }
  readonly #peeks: WalkPlan['peeks']
  #whims: readonly number[]
  #whimCount = 0
  #peekCount = 0
  #askCount = 0
  #nestedLeases = 0
  #requestCount = 0

  constructor({ caps, peeks, policy, scheduling, whims }: WalkPlan) {
    const resolved = resolvePolicy(policy)
    this.witness = new RequestWitness(resolved.replay)
    this.#caps = { ...caps }
    this.#peeks = peeks
    this.#whims = whims
    this.model = new PoolModel(resolved, this.#caps)
    let births = 0
    this.pool = new Pool({
      policy: resolved,
      caps: this.#caps,
      scheduling,
      effects: this,
      random: () => (++births % 4) / 4,
      onEvent: (event) => this.#hear(event),
    })
  }

  /** From here on the driver does nothing from within an effect. */
  calmDown(): void {
    this.#whims = []
  }

  take(step: StepName, choice: number): void {
    this.#nestedLeases = 0
    this[step](choice)
  }

  dial(connection: TestConnection, request: TestRequest | undefined): void {
    this.model.dialled(connection, request?.name)
    const whim = this.#nextWhim()
    if (whim === 0) this.openOne(this.model.of(connection))
    else if (whim === 1) this.failOne(this.model.of(connection))
    else if (whim === 2) this.#leaseWithin(connection.id)
    else if (whim === 3) this.cancel(connection.id)
  }

  close(connection: TestConnection): void {
    this.model.closing(connection)
    const whim = this.#nextWhim()
    if (whim <= 2) this.finishOne(this.model.of(connection))
    if (whim === 2) this.#leaseWithin(connection.id)
    else if (whim === 3) this.cancel(connection.id)
  }

  linger(connection: TestConnection): void {
    this.model.lingers(connection)
    const whim = this.#nextWhim()
    if (whim === 0) this.pool.retire(connection, 'stray_data', this.nowMs)
    else if (whim === 1) this.finishOne(this.model.of(connection))
    else if (whim === 2) this.#leaseWithin(connection.id)
  }

  mayLinger({ id }: TestConnection): boolean {
    return id % 3 !== 0
  }

  grant(request: TestRequest, connection: TestConnection): void {
    this.model.granted(request.name, connection)
    const whim = this.#nextWhim()
    if (whim === 0) this.releaseOne(this.model.of(connection))
    else if (whim === 1) this.#leaseWithin(connection.id)
    else if (whim === 3) this.cancel(connection.id)
  }

  takeBack(request: TestRequest, connection: TestConnection): void {
    this.witness.tookBack(request)
    this.model.gone(connection)
    this.#ask(request, true)
    const whim = this.#nextWhim()
    if (whim === 0) this.#leaseWithin(connection.id)
    else if (whim === 1) this.#cancel(request)
    else if (whim === 3) this.cancel(connection.id)
  }

  reject(request: TestRequest, error: Error): void {
    this.witness.rejected(request, error)
    this.model.end(request.name, 'rejected')
    const whim = this.#nextWhim()
    if (whim === 0) this.#leaseWithin(request.name.length)
    else if (whim === 3) this.cancel(this.#whimCount)
  }

  peek(): Look {
    return this.#peeks[this.#peekCount++ % this.#peeks.length] ?? 'alive'
  }

  silentSince(connection: TestConnection, nowMs: number): number {
    const sinceMs = nowMs - 5 * (this.#askCount++ % 5)
    this.model.asked(connection, sinceMs, nowMs)
    return sinceMs
  }

  lease(choice: number): void {
    const name = `r${++this.#requestCount}`
    const origin = ORIGINS[choice % ORIGINS.length] as string
    const request = new TestRequest(name, origin, { method: choice % 4 === 0 ? 'POST' : 'GET' })
    this.requests.set(name, request)
    this.#ask(request, false)
    this.pool.lease(request, this.nowMs)
  }

  /** Dials ahead. */
  warm(choice: number): void {
    const origin = ORIGINS[choice % ORIGINS.length] as string
    this.pool.warm(targetOf(origin), 1 + (choice % 2), this.nowMs)
  }

  open(choice: number): void {
    this.#choose(isConnecting, choice, (chosen) => this.openOne(chosen))
  }

  fail(choice: number): void {
    this.#choose(isConnecting, choice, (chosen) => this.failOne(chosen))
  }

  release(choice: number): void {
    this.#choose(isLeased, choice, (chosen) => this.releaseOne(chosen))
  }

  finish(choice: number): void {
    const isClosing = (model: ModelConnection): boolean => model.isClosing
    this.#choose(isClosing, choice, (chosen) => this.finishOne(chosen))
  }

  /** The peer ends a connection, which its request loses first. */
  lose(choice: number): void {
    const isOpen = (model: ModelConnection): boolean => isIdle(model) || isLeased(model)
    this.#choose(isOpen, choice, ({ connection }) => {
      const reason = PEER_REASONS[choice % PEER_REASONS.length] as CloseReason
      if (this.#loseRequest(connection, reason)) return
      this.model.gone(connection)
      this.#tell(connection, 'closed')
      this.pool.closed(connection, reason, this.nowMs)
    })
  }

  /** Says whether the request of the connection goes on. */
  #loseRequest(connection: TestConnection, reason: CloseReason): boolean {
    const { request } = connection
    if (request === undefined) return false
    const loss = { isUnwritten: this.witness.isUnwritten(request, connection), isRepeatable: true }
    const isHopeless = request.isDoomed || request.stateName === 'answering'
    const verdict = this.pool.lose(connection, loss, reason, this.nowMs)
    this.witness.judged(request, connection, loss, { verdict, isHopeless })
    return verdict !== 'fail'
  }

  /** All of a request is written. */
  send(choice: number): void {
    this.#chooseSender(choice, (request, connection) => {
      if (request.stateName !== 'granted') return
      this.pool.requests.pass(request)
      this.witness.wrote(request, connection, true)
      this.pool.requests.complete(request)
    })
  }

  answer(choice: number): void {
    this.#chooseSender(choice, (request) => {
      if (request.stateName === 'sent') this.pool.requests.answer(request, this.nowMs)
    })
  }

  /** The caller of a request gives it up that has a connection. */
  abort(choice: number): void {
    this.#chooseSender(choice, (request) => {
      this.witness.tell(request, 'aborted')
      this.pool.requests.abort(request, this.nowMs)
    })
  }

  /** Cancels any request there ever was, whatever has become of it. */
  cancel(choice: number): void {
    const chosen = [...this.requests.values()][choice % (this.requests.size || 1)]
    if (chosen !== undefined) this.#cancel(chosen)
  }

  #cancel(request: TestRequest): void {
    if (request.waiter !== undefined) {
      this.model.end(request.name, 'cancelled')
      this.witness.tell(request, 'cancelled')
    }
    this.pool.cancel(request, this.nowMs)
  }

  #ask(request: TestRequest, isClaimed: boolean): void {
    const keepsToDial = request.method === 'POST'
    this.model.ask(request.name, request.target.key, { isClaimed, keepsToDial })
  }

  /** The request that has the connection has it no more, and its caller hears so. */
  #tell({ request }: TestConnection, how: string): void {
    if (request !== undefined) this.witness.tell(request, how)
  }

  /** Retires any connection, of whatever state. */
  retire(choice: number): void {
    const isAny = (): boolean => true
    this.#choose(isAny, choice, ({ connection }) => {
      this.pool.retire(connection, 'server_hint', this.nowMs)
    })
  }

  detach(choice: number): void {
    this.#choose(isLeased, choice, ({ connection }) => {
      this.model.gone(connection)
      this.#tell(connection, 'detached')
      this.pool.detach(connection, this.nowMs)
    })
  }

  /** Time passes, and nobody tells the pool. */
  wait(choice: number): void {
    this.nowMs += choice % 8
  }

  advance(choice: number): void {
    this.wait(choice)
    this.pool.advance(this.nowMs)
  }

  changeCaps(choice: number): void {
    this.model.haveCapsChanged = true
    this.#caps.maxPerOrigin = 1 + (choice % 3)
    this.#caps.maxTotal = 1 + (choice % 5)
    this.#caps.maxIdlePerOrigin = choice % 2
  }

  destroy(): void {
    this.model.destroyed()
    this.pool.destroy(this.nowMs)
  }

  openOne({ connection }: ModelConnection): void {
    this.model.opened(connection)
    this.pool.opened(connection, this.nowMs)
  }

  failOne({ connection }: ModelConnection): void {
    this.model.gone(connection)
    this.pool.dialFailed(connection, new Error('refused by the peer'), this.nowMs)
  }

  releaseOne({ connection }: ModelConnection): void {
    this.model.released(connection)
    this.#tell(connection, 'released')
    this.pool.release(connection, this.nowMs)
  }

  /** What was asked to close has closed. */
  finishOne(model: ModelConnection): void {
    if (!model.hasOpened) {
      this.failOne(model)
      return
    }
    this.model.gone(model.connection)
    this.#tell(model.connection, 'closed')
    this.pool.closed(model.connection, 'error', this.nowMs)
  }

  #choose(
    isEligible: (model: ModelConnection) => boolean,
    choice: number,
    act: (chosen: ModelConnection) => void,
  ): void {
    const eligible = [...this.model.live.values()].filter(isEligible)
    const chosen = eligible[choice % (eligible.length || 1)]
    if (chosen !== undefined) act(chosen)
  }

  #chooseSender(
    choice: number,
    act: (request: TestRequest, connection: TestConnection) => void,
  ): void {
    this.#choose(isLeased, choice, ({ connection }) => {
      const { request } = connection
      if (request !== undefined && !request.state.isEnd) act(request, connection)
    })
  }

  #leaseWithin(choice: number): void {
    if (this.#nestedLeases === MAX_NESTED_LEASES) return
    this.#nestedLeases++
    this.lease(choice)
  }

  #nextWhim(): number {
    const { length } = this.#whims
    return length === 0 ? Number.POSITIVE_INFINITY : (this.#whims[this.#whimCount++ % length] ?? 9)
  }

  #hear(event: PoolEvent): void {
    if (event.type === 'connection:draining') this.model.draining(event.connectionId)
  }
}
