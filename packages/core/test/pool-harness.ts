import type { CloseReason } from '../src/connection/close-reason.ts'
import type { PoolEvent, PoolEventType } from '../src/connection/events.ts'
import type { StateName } from '../src/connection/lifecycle.ts'
import type { PoolStats } from '../src/connection/stats.ts'
import type { Scheduling } from '../src/idle/idle-set.ts'
import type { Caps } from '../src/options/caps.ts'
import type { PolicyOptions } from '../src/policies/policy-options.ts'
import { resolvePolicy } from '../src/policies/resolve-policy.ts'
import { Pool } from '../src/pool.ts'
import type { LossVerdict } from '../src/request/after-loss.ts'
import { type RequestFailure, unsentFailure } from '../src/request/request-failure.ts'
import type { IllegalMoveListener, Loss } from '../src/request/request-registry.ts'
import { type Reactions, RecordingEffects, type TestConnection } from './recording-effects.ts'
import { targetOf } from './target-of.ts'
import { TestRequest, type TestRequestFacts } from './test-request.ts'

/** What a test is about; whatever it leaves out never limits anything. */
export interface HarnessOptions {
  readonly policy?: PolicyOptions
  readonly caps?: Partial<Caps>
  readonly scheduling?: Scheduling
  readonly random?: () => number
  readonly reactions?: Reactions
  readonly wantsEvent?: (type: PoolEventType) => boolean
  readonly onIllegalMove?: IllegalMoveListener
}

/** Nothing of the request was written. */
export const UNWRITTEN: Loss = { isUnwritten: true, isRepeatable: true }

/** The request was written, as far as its state says, and can be written again. */
export const WRITTEN: Loss = { isUnwritten: false, isRepeatable: true }

const UNLIMITED_POLICY: PolicyOptions = {
  idleTimeoutMs: Number.POSITIVE_INFINITY,
  maxConnectionAgeMs: Number.POSITIVE_INFINITY,
  staleCheck: 'none',
  binding: 'late',
}

/**
 * A pool with recorded effects and events, on a clock that the test sets. Connections go by their
 * ids, which count from 1 in the order of the dials; requests go by names, the last one of a name where
 * several have it; the origin is `a` unless told otherwise.
 */
export class PoolHarness {
  readonly pool: Pool<undefined, TestRequest>
  readonly effects: RecordingEffects = new RecordingEffects()
  readonly events: PoolEvent[] = []
  readonly requests: Map<string, TestRequest> = new Map()
  /** What came with each of the events. */
  readonly eventConnections: (TestConnection | undefined)[] = []
  /** The caps in force; tests may change them at any time. */
  readonly caps: { -readonly [Key in keyof Caps]: number }
  nowMs = 0

  constructor(options: HarnessOptions = {}) {
    const unlimited = Number.POSITIVE_INFINITY
    this.caps = {
      maxPerOrigin: unlimited,
      maxTotal: unlimited,
      maxIdlePerOrigin: unlimited,
      ...options.caps,
    }
    this.effects.reactions = options.reactions ?? {}
    this.pool = new Pool({
      policy: resolvePolicy({ ...UNLIMITED_POLICY, ...options.policy }),
      caps: this.caps,
      scheduling: options.scheduling ?? 'lifo',
      effects: this.effects,
      random: options.random ?? (() => 0),
      onEvent: (event, _target, connection) => {
        this.events.push(event)
        this.eventConnections.push(connection)
      },
      onIllegalMove: options.onIllegalMove,
      wantsEvent: options.wantsEvent,
    })
  }

  get stats(): PoolStats {
    return this.pool.stats()
  }

  /** The effects since the last call, in order. */
  takeLog(): string[] {
    return this.effects.takeLog()
  }

  /** The events since the last call, in order. */
  takeEvents(): PoolEvent[] {
    this.eventConnections.length = 0
    return this.events.splice(0)
  }

  connection(id: number): TestConnection {
    const connection = this.effects.connections.get(id)
    if (connection === undefined) throw new Error(`connection ${id} was never dialled`)
    return connection
  }

  stateOf(id: number): StateName {
    return this.connection(id).stateName
  }

  request(name: string): TestRequest {
    const request = this.requests.get(name)
    if (request === undefined) throw new Error(`${name} never asked for a connection`)
    return request
  }

  lease(name: string, origin = 'a', facts: TestRequestFacts = {}): TestRequest {
    const request = new TestRequest(name, origin, facts)
    this.requests.set(name, request)
    this.pool.lease(request, this.nowMs)
    return request
  }

  warm(count: number, origin = 'a'): number {
    return this.pool.warm(targetOf(origin), count, this.nowMs)
  }

  /** Leases where the request must wait. */
  await(name: string, origin = 'a', facts: TestRequestFacts = {}): TestRequest {
    const request = this.lease(name, origin, facts)
    if (request.waiter === undefined) throw new Error(`${name} did not have to wait`)
    return request
  }

  cancel(request: TestRequest): void {
    this.pool.cancel(request, this.nowMs)
  }

  open(...ids: number[]): void {
    for (const id of ids) this.pool.opened(this.connection(id), this.nowMs)
  }

  fail(id: number, message = 'refused by the peer'): void {
    this.pool.dialFailed(this.connection(id), new Error(message), this.nowMs)
  }

  release(...ids: number[]): void {
    for (const id of ids) this.pool.release(this.connection(id), this.nowMs)
  }

  retire(id: number, reason: CloseReason): void {
    this.pool.retire(this.connection(id), reason, this.nowMs)
  }

  detach(id: number): void {
    this.pool.detach(this.connection(id), this.nowMs)
  }

  /** The request is written to its connection: part of it, all of it, or nothing, as it has happened. */
  send(name: string, progress: 'in part' | 'whole' = 'whole'): void {
    const request = this.request(name)
    this.pool.requests.pass(request)
    if (progress === 'whole') this.pool.requests.complete(request)
  }

  /** The request that has the connection loses it. */
  lose(id: number, loss: Loss = UNWRITTEN, reason: CloseReason = 'peer_reset'): LossVerdict {
    return this.pool.lose(this.connection(id), loss, reason, this.nowMs)
  }

  /** The caller of the request hears of an error. */
  tellFailure(name: string, failure: RequestFailure = unsentFailure(false)): void {
    this.pool.tellFailure(this.request(name), failure, this.nowMs)
  }

  closed(id: number, reason: CloseReason = 'error'): void {
    this.pool.closed(this.connection(id), reason, this.nowMs)
  }

  /** Sets the clock and lets the pool do what is due then. */
  advanceTo(nowMs: number): void {
    this.nowMs = nowMs
    this.pool.advance(nowMs)
  }

  drain(): void {
    this.pool.drain(this.nowMs)
  }

  destroy(): void {
    this.pool.destroy(this.nowMs)
  }

  /** Dials, opens and releases `count` connections of the origin; the last one is the newest. */
  makeIdle(count: number, origin = 'a'): number[] {
    const ids: number[] = []
    for (let index = 0; index < count; index++) ids.push(this.makeLeased(`made-${index}`, origin))
    this.release(...ids)
    this.takeLog()
    this.takeEvents()
    return ids
  }

  /** Dials and opens a connection for the request, which nothing may delay or serve otherwise. */
  makeLeased(request: string, origin = 'a', facts: TestRequestFacts = {}): number {
    this.await(request, origin, facts)
    const id = this.effects.connections.size
    this.open(id)
    if (this.connection(id).requestCount !== 1) throw new Error(`${id} was not granted`)
    return id
  }

  /**
   * Dials and opens a connection for the request, as {@link makeLeased} does, and then takes it away, so
   * that the request waits for another one.
   */
  makeLost(request: string, origin = 'a'): number {
    const id = this.makeLeased(request, origin)
    this.lose(id)
    return id
  }

  /** Forgets what led to where the test begins. */
  begin(): void {
    this.takeLog()
    this.takeEvents()
  }
}
