import type { CloseReason } from '../src/connection/close-reason.ts'
import { MAX_HAND_ONS } from '../src/dialing/dial-scheduler.ts'
import type { Caps } from '../src/options/caps.ts'
import { type ResolvedPolicy, resolvePolicy } from '../src/policies/resolve-policy.ts'
import { Pool } from '../src/pool.ts'
import { NEWS, type NewsName, tellNews } from './connection-news.ts'
import { births, inTurn, mayKeep, mayLinger, silentSince } from './modelled-answers.ts'
import { ModelledSender, type Said } from './modelled-sender.ts'
import {
  type ConnectionPair,
  differenceOfConnections,
  differenceOfOrigins,
  differenceOfRequests,
  differenceOfStats,
  inOrderOfAsks,
  inOrderOfIds,
  inOrderOfWaits,
  type RequestPair,
} from './pool-differences.ts'
import { decodeStep, type HistoryPlan } from './pool-history.ts'
import { RecordingEffects, type TestConnection } from './recording-effects.ts'
import { applyHint, isLent, type ReferenceConnection, requestOn } from './reference-connection.ts'
import { ReferencePool } from './reference-pool.ts'
import { asking, currentOf, REPORTS, type Report, stateNameOf } from './reference-request.ts'
import { checkAgreement, RequestWitness } from './request-witness.ts'
import { targetOf } from './target-of.ts'
import { TestRequest, type TestRequestFacts } from './test-request.ts'

const safe = { method: 'GET', hasIdempotencyKey: false, isBodyAtHand: true }

/** What requests are like: most may be sent again, some do harm, and some cannot be repeated. */
const KINDS: readonly Required<TestRequestFacts>[] = [
  safe,
  { ...safe, method: 'POST' },
  safe,
  { ...safe, method: 'PUT' },
  { ...safe, method: 'POST', hasIdempotencyKey: true },
  { ...safe, isBodyAtHand: false },
  { ...safe, method: 'DELETE', isBodyAtHand: false },
]

const ORIGINS = ['a', 'b', 'c', 'd'] as const
const PEER_REASONS = ['peer_fin', 'peer_reset', 'stray_data', 'error'] as const
const RETIREMENTS = ['response_close', 'max_age', 'peer_fin', 'learned_limit'] as const
const TIMEOUTS_MS = [undefined, 0, 100, 600, 2000] as const
const REQUESTS_LEFT = [undefined, undefined, 0, 1, 3] as const
const WAIT_UNIT_MS = 20
const BLOCK_UNIT_MS = 300
/** Enough for a connection to be handed on until it has had its share. */
const BURST = MAX_HAND_ONS + 2
/** How many connections, and requests, that are long gone may still be meddled with. */
const MEMORY = 16
/** Small enough to tell instants apart, and such that sums of multiples are exact. */
const GRAIN_MS = 2 ** -26

/** The pool and the reference side by side: whatever happens, happens to both. */
export class PoolComparison {
  readonly pool: Pool<undefined, TestRequest>
  readonly reference: ReferencePool
  nowMs = 0
  readonly #plan: HistoryPlan
  readonly #policy: ResolvedPolicy
  readonly #caps: { -readonly [Key in keyof Caps]: number }
  readonly #effects: RecordingEffects = new RecordingEffects()
  readonly #witness: RequestWitness
  readonly #sender: ModelledSender
  #log: string[] = []
  /** Of the errors with which the step rejected requests. */
  readonly #messages: string[] = []
  #told = ''
  /** Those that live, and some that do not any more. */
  #pairs: ConnectionPair[] = []
  /** By their ids, those that lingered after the last step. */
  readonly #lingering: Set<number> = new Set()
  #dialCount = 0
  /** Those that live, and some that do not any more. */
  #requests: RequestPair[] = []
  #requestCount = 0
  #stepCount = 0

  constructor(plan: HistoryPlan) {
    this.#plan = plan
    this.#policy = resolvePolicy(plan.policy)
    this.#witness = new RequestWitness(this.#policy.replay)
    this.#caps = { ...plan.caps }
    const shared = { policy: this.#policy, caps: this.#caps, scheduling: plan.scheduling }
    this.#effects.reactions = {
      peek: inTurn(plan.peeks),
      mayKeep,
      silentSince,
      mayLinger,
      takeBack: (request) => this.#witness.tookBack(request),
      reject: (request, error) => {
        this.#messages.push(error.message)
        this.#witness.rejected(request, error)
      },
    }
    this.pool = new Pool({ ...shared, effects: this.#effects, random: births() })
    const peek = inTurn(plan.peeks)
    const answers = { peek, mayKeep, mayLinger, silentSince }
    this.reference = new ReferencePool({ ...shared, ...answers, random: births() })
    this.#sender = new ModelledSender(this.pool, this.reference, this.#witness)
  }

  /** The last step and what came of it, for people. */
  get told(): string {
    return `${this.#told} at ${this.nowMs} -> ${this.#log.join(', ') || 'nothing'}`
  }

  /**
   * Lets the step happen to both.
   *
   * @throws Where they differ in what they do, in when they want to be called again, or in how a
   * connection stands; with `isThorough`, also in what they count.
   */
  take(code: number, isThorough = true): void {
    const [name, choice] = decodeStep(this.#plan.mood, code)
    this.#tick()
    this.#told = `${name} ${choice}`
    this.reference.effects.length = 0
    this.reference.messages.length = 0
    this.#messages.length = 0
    this[name](choice)
    this.#log.push(...this.#effects.takeLog())
    const difference = this.#difference(isThorough)
    if (difference !== undefined) throw new Error(`${this.told}\n${difference}`)
  }

  lease(choice: number): void {
    const origin = ORIGINS[choice % this.#plan.originCount] as string
    const facts = KINDS[Math.floor(choice / 4) % KINDS.length] as Required<TestRequestFacts>
    const name = `r${++this.#requestCount}`
    this.#told = `lease ${name} of ${origin} by ${facts.method}`
    const pair = {
      actual: new TestRequest(name, origin, facts),
      expected: asking(name, origin, facts),
    }
    this.#requests.push(pair)
    this.pool.lease(pair.actual, this.nowMs)
    this.reference.lease(pair.expected, this.nowMs)
  }

  warm(choice: number): void {
    const origin = ORIGINS[choice % this.#plan.originCount] as string
    const count = 1 + (Math.floor(choice / 4) % 4)
    this.#told = `warm ${origin} to ${count}`
    const actual = this.pool.warm(targetOf(origin), count, this.nowMs)
    const expected = this.reference.warm(origin, count, this.nowMs)
    this.#log.push(...this.#effects.takeLog(), `${actual} dials`)
    this.reference.effects.push(`${expected} dials`)
  }

  /** Many requests of one origin at once. */
  burst(choice: number): void {
    for (let count = 0; count < BURST; count++) this.lease(choice)
  }

  open(choice: number): void {
    this.#withOne('opened', choice, ({ state }) => state === 'connecting')
  }

  fail(choice: number): void {
    this.#withOne('dialFailed', choice, ({ state }) => state === 'connecting')
  }

  release(choice: number): void {
    this.#withOne('release', choice, isLent)
  }

  /** What was asked to close has closed. */
  finish(choice: number): void {
    const pair = this.#choose(choice, ({ state }) => state === 'closing')
    if (pair === undefined) return
    this.#tell(pair.actual.hasOpened ? 'closed' : 'dialFailed', pair, choice)
  }

  /** The peer of a connection that lingers closes it, or something else ends the wait. */
  farewell(choice: number): void {
    const event = choice % 2 === 0 ? 'retire' : 'closed'
    this.#withOne(event, choice, ({ state }) => state === 'lingering')
  }

  /** The peer ends a connection, which its request loses first if it has one. */
  lose(choice: number): void {
    const isOpen = (connection: ReferenceConnection): boolean =>
      connection.state === 'idle' ||
      isLent(connection) ||
      (connection.state === 'closing' && requestOn(connection) !== undefined)
    const pair = this.#choose(choice, isOpen)
    const request = pair && this.#requests.find(({ actual }) => actual === pair.actual.request)
    if (pair !== undefined && request !== undefined) {
      this.#told = `lose ${pair.actual.id} with ${choice}`
      const reason = PEER_REASONS[choice % PEER_REASONS.length] as CloseReason
      this.#hear(this.#sender.lose(pair, request, { choice, reason, nowMs: this.nowMs }))
    }
    // A request that goes on has left nothing to be reported.
    if (pair !== undefined && pair.expected.state !== 'closed') this.#tell('closed', pair, choice)
  }

  /** A request that has a connection gets a step further. */
  proceed(choice: number): void {
    const pair = this.#chooseSender(choice)
    const connection = pair && this.#connectionOf(pair)
    if (pair === undefined || connection === undefined) return
    const what = this.#sender.nextReport(pair, connection, Math.floor(choice / 8))
    if (what !== undefined) this.#report(pair, what)
  }

  /** All of a request is written. */
  send(choice: number): void {
    const pair = this.#chooseSender(choice)
    if (pair === undefined) return
    const state = stateNameOf(pair.expected)
    if (state === 'granted' || state === 'checking') this.#report(pair, 'passed')
    if (stateNameOf(pair.expected) === 'sending') this.#report(pair, 'completed')
  }

  /** Something is reported of a request that cannot be, or is in time by chance. */
  misreport(choice: number): void {
    const pair = this.#requests[choice % (this.#requests.length || 1)]
    const what = REPORTS[Math.floor(choice / 3) % REPORTS.length] as Report
    // Whoever gives up a request that waits cancels it.
    if (pair !== undefined && !(what === 'aborted' && isWaiting(pair))) this.#report(pair, what)
  }

  /** The caller of a request gives it up that has a connection. */
  abort(choice: number): void {
    const pair = this.#chooseSender(choice)
    if (pair !== undefined) this.#report(pair, 'aborted')
  }

  retire(choice: number): void {
    this.#withOne(
      'retire',
      choice,
      (connection) => connection.state === 'idle' || isLent(connection),
    )
  }

  detach(choice: number): void {
    this.#withOne('detach', choice, isLent)
  }

  /** Anything happens to any connection, also what cannot. */
  misuse(choice: number): void {
    const event = NEWS[choice % NEWS.length] as NewsName
    this.#withOne(event, choice, () => true)
  }

  /** Cancels one that asked of late, whatever has become of it. */
  cancel(choice: number): void {
    const pair = this.#requests.at(-1 - (choice % MEMORY))
    if (pair === undefined) return
    const { actual, expected } = pair
    this.#told = `cancel ${actual}`
    if (isWaiting(pair)) this.#witness.tell(actual, 'cancelled')
    this.pool.cancel(actual, this.nowMs)
    this.reference.cancel(expected, this.nowMs)
  }

  /** A response announces how long, and for how many requests, its connection may be used. */
  applyHint(choice: number): void {
    const pair = this.#choose(choice, isLent)
    if (pair === undefined) return
    const timeoutMs = TIMEOUTS_MS[choice % TIMEOUTS_MS.length]
    const maxRequests = REQUESTS_LEFT[Math.floor(choice / 5) % REQUESTS_LEFT.length]
    this.#told = `applyHint timeout ${timeoutMs}, max ${maxRequests} of ${pair.actual.id}`
    pair.actual.applyHint({ timeoutMs, maxRequests })
    applyHint(pair.expected, { timeoutMs, maxRequests })
  }

  /** Time passes, and nobody tells the pool. */
  wait(choice: number): void {
    this.nowMs += (choice % 8) * WAIT_UNIT_MS
  }

  /** The same, for far too long. */
  block(choice: number): void {
    this.nowMs += (1 + (choice % 4)) * BLOCK_UNIT_MS
  }

  advance(choice: number): void {
    this.wait(choice)
    this.#advance()
  }

  advanceToDeadline(): void {
    const { nextDeadlineMs } = this.reference
    if (Number.isFinite(nextDeadlineMs)) this.nowMs = Math.max(this.nowMs, nextDeadlineMs)
    this.#advance()
  }

  almostToDeadline(): void {
    const { nextDeadlineMs } = this.reference
    if (Number.isFinite(nextDeadlineMs)) {
      this.nowMs = Math.max(this.nowMs, nextDeadlineMs - GRAIN_MS)
    }
    this.#advance()
  }

  changeCaps(choice: number): void {
    this.#caps.maxPerOrigin = 1 + (choice % 3)
    this.#caps.maxTotal = 1 + (choice % 5)
    this.#caps.maxIdlePerOrigin = choice % 4
  }

  drain(): void {
    this.pool.drain(this.nowMs)
    this.reference.drain(this.nowMs)
  }

  destroy(): void {
    this.pool.destroy(this.nowMs)
    this.reference.destroy(this.nowMs)
  }

  #advance(): void {
    this.pool.advance(this.nowMs)
    this.reference.advance(this.nowMs)
    if (!this.#areInstantsTold)
      this.#log = inOrderOfIds(this.#effects.takeLog(), this.#effects.connections)
  }

  /** Whether no two instants are the same, so that it matters in which order things are due. */
  get #areInstantsTold(): boolean {
    const { closeMode, learnIdleLimit, minIdlePerOrigin } = this.#policy
    return learnIdleLimit || minIdlePerOrigin > 0 || closeMode === 'peer-first'
  }

  #tick(): void {
    this.#log = []
    this.#stepCount++
    if (!this.#areInstantsTold) return
    this.nowMs += ((this.#stepCount * 40_503_113) % 2 ** 26) * GRAIN_MS
  }

  #choose(
    choice: number,
    isEligible: (connection: ReferenceConnection) => boolean,
  ): ConnectionPair | undefined {
    const eligible = this.#pairs.filter(({ expected }) => isEligible(expected))
    return eligible[choice % (eligible.length || 1)]
  }

  #withOne(
    event: NewsName,
    choice: number,
    isEligible: (connection: ReferenceConnection) => boolean,
  ): void {
    const pair = this.#choose(choice, isEligible)
    if (pair !== undefined) this.#tell(event, pair, choice)
  }

  #tell(name: NewsName, { actual, expected }: ConnectionPair, choice: number): void {
    const reasons = name === 'retire' ? RETIREMENTS : PEER_REASONS
    const reason = reasons[choice % reasons.length] as CloseReason
    this.#told = `${name} ${actual.id} (${reason})`
    const news = { name, reason, nowMs: this.nowMs }
    const { request } = actual
    const complaints = tellNews(this.pool, actual, news)
    if (complaints.length === 0 && request !== undefined && isEnd(name)) {
      this.#witness.tell(request, name)
    }
    this.#hear({ actual: complaints, expected: tellNews(this.reference, expected, news) })
  }

  #report(pair: RequestPair, what: Report): void {
    this.#told = `${pair.actual} is ${what}`
    this.#hear(this.#sender.report(pair, what, this.#connectionOf(pair), this.nowMs))
  }

  #hear({ actual, expected }: Said): void {
    this.#log.push(...this.#effects.takeLog(), ...actual)
    this.reference.effects.push(...expected)
  }

  #chooseSender(choice: number): RequestPair | undefined {
    const sending = this.#requests.filter(({ expected }) => currentOf(expected) !== undefined)
    return sending[choice % (sending.length || 1)]
  }

  #connectionOf({ expected }: RequestPair): TestConnection | undefined {
    return this.#effects.connections.get(currentOf(expected)?.connectionId ?? 0)
  }

  #difference(isThorough: boolean): string | undefined {
    const { pool, reference } = this
    const expected = inOrderOfAsks([...reference.effects, ...reference.messages])
    const effects = inOrderOfWaits(expected, this.#lingering).join(', ')
    this.#log.push(...this.#messages)
    this.#log = inOrderOfWaits(inOrderOfAsks(this.#log), this.#lingering)
    if (this.#log.join(', ') !== effects) return `must be: ${effects || 'nothing'}`
    this.#meet()
    this.#noteLingering()
    if (!Object.is(pool.nextDeadlineMs, reference.nextDeadlineMs)) {
      return `nextDeadlineMs is ${pool.nextDeadlineMs}, must be ${reference.nextDeadlineMs}`
    }
    this.#witness.check(this.#requests.map(({ actual }) => actual))
    for (const { actual } of this.#pairs) checkAgreement(actual)
    return (
      differenceOfConnections(this.#pairs, reference) ??
      differenceOfRequests(this.#requests, reference) ??
      differenceOfOrigins(pool, reference) ??
      (isThorough ? differenceOfStats(pool.stats(), reference.stats()) : undefined)
    )
  }

  #noteLingering(): void {
    for (const { actual } of this.#pairs) {
      if (actual.stateName === 'lingering') this.#lingering.add(actual.id)
      else this.#lingering.delete(actual.id)
    }
  }

  /** Pairs connections that were dialled, and forgets some, and requests, that are long gone. */
  #meet(): void {
    const { connections } = this.#effects
    while (this.#dialCount < connections.size) {
      const id = ++this.#dialCount
      const expected = this.reference.connections.find((connection) => connection.id === id)
      const actual = connections.get(id)
      if (actual === undefined || expected === undefined) throw new Error(`no connection ${id}`)
      this.#pairs.push({ actual, expected })
    }
    this.#pairs = withoutOldest(this.#pairs, ({ expected }) => expected.state === 'closed')
    this.#requests = withoutOldest(this.#requests, ({ expected }) => expected.end !== undefined)
  }
}

/** Without the oldest of those that are gone, where these are many. */
const withoutOldest = <Pair>(pairs: Pair[], isGone: (pair: Pair) => boolean): Pair[] => {
  const gone = pairs.filter(isGone)
  if (gone.length <= 2 * MEMORY) return pairs
  const forgotten = new Set(gone.slice(0, MEMORY))
  return pairs.filter((pair) => !forgotten.has(pair))
}

const isWaiting = ({ expected }: RequestPair): boolean => stateNameOf(expected) === 'waiting'

/** Whether the request that has a connection has none after that. */
const isEnd = (name: NewsName): boolean =>
  name === 'release' || name === 'detach' || name === 'closed'
