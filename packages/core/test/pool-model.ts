import { HURRIED_WAIT_MS } from '../src/closing/closer.ts'
import type { CloseReason } from '../src/connection/close-reason.ts'
import { UNUSED_MS } from '../src/idle/idle-keeper.ts'
import type { Caps } from '../src/options/caps.ts'
import type { ResolvedPolicy } from '../src/policies/resolve-policy.ts'
import { HELD_UP_MS } from '../src/request/reprieve.ts'
import { LOOKS } from '../src/request/response-watch.ts'
import type { TestConnection } from './recording-effects.ts'

/** A connection as its driver knows it. */
export interface ModelConnection {
  readonly connection: TestConnection
  readonly origin: string
  hasOpened: boolean
  openedAtMs: number
  idleSinceMs: number
  /** Counts up over all connections: who became idle when. */
  idleTurn: number
  requestCount: number
  leasedTo: string | undefined
  /** While it is leased: when to ask since when its request has heard nothing. */
  lookAtMs: number
  /** Whether that was for too long. */
  isTimedOut: boolean
  isDraining: boolean
  isClosing: boolean
  /** Until when, at the latest, it waits for its peer to close first, if it does. */
  lingersUntilMs: number | undefined
}

/** A request that waits. */
export interface ModelRequest {
  readonly name: string
  readonly origin: string
  readonly queuedAtMs: number
  /** Whether nothing but its own dial may serve it. */
  isClaimed: boolean
  /** Whether nothing else may once it has one. */
  readonly keepsToDial: boolean
}

export type RequestEnd = 'granted' | 'rejected' | 'cancelled'

const fail = (message: string): never => {
  throw new Error(message)
}

/**
 * What a pool must look like, told from outside: by its effects, and by what its driver tells it.
 * Everything is counted naively, whenever it is asked for.
 */
export class PoolModel {
  readonly policy: ResolvedPolicy
  readonly caps: Caps
  readonly live: Map<number, ModelConnection> = new Map()
  readonly waiting: Map<string, ModelRequest> = new Map()
  /** How each request ended that no longer waits. */
  readonly ended: Map<string, RequestEnd> = new Map()
  readonly closes: Partial<Record<CloseReason, number>> = {}
  dials = 0
  dialFailures = 0
  leases = 0
  reuses = 0
  rejections = 0
  /** Requests whose time was up by then have been let off once. */
  reprievedToMs = Number.NEGATIVE_INFINITY
  /** Connections in use that were to be asked about by then have been let off once. */
  silentReprievedToMs = Number.NEGATIVE_INFINITY
  /** Connections that had lingered for long enough by then have been let off once. */
  lingeringReprievedToMs = Number.NEGATIVE_INFINITY
  /** From a change on, what stood before it may exceed the caps, and nobody is told of more room. */
  haveCapsChanged = false
  /** The last connection that was dialled for each request. */
  readonly #dialledFor: Map<string, number> = new Map()
  readonly #doomed: Set<ModelConnection> = new Set()
  #idleTurns = 0

  constructor(policy: ResolvedPolicy, caps: Caps) {
    this.policy = policy
    this.caps = caps
  }

  of(connection: TestConnection): ModelConnection {
    return this.live.get(connection.id) ?? fail(`connection ${connection.id} is not there`)
  }

  ask(
    name: string,
    origin: string,
    queuedAtMs: number,
    { isClaimed, keepsToDial }: Pick<ModelRequest, 'isClaimed' | 'keepsToDial'>,
  ): void {
    this.waiting.set(name, { name, origin, queuedAtMs, isClaimed, keepsToDial })
    this.#dialledFor.delete(name)
  }

  end(name: string, end: RequestEnd): void {
    const { origin } =
      this.waiting.get(name) ?? fail(`${name} is ${end}, but was ${this.ended.get(name)}`)
    this.waiting.delete(name)
    this.ended.set(name, end)
    if (end !== 'rejected') return
    this.rejections++
    // A request that gives up hears of it before its dial is asked to close.
    for (const model of this.connectionsOf(origin)) {
      if (isSpareDial(model) && model.connection.stateName === 'closing') this.#doom(model)
    }
  }

  dialled(connection: TestConnection, request: string | undefined, nowMs: number): void {
    const { id, origin } = connection
    this.dials++
    if (request !== undefined) this.#dialledFor.set(request, id)
    this.live.set(id, {
      connection,
      origin: origin.key,
      hasOpened: false,
      openedAtMs: nowMs,
      idleSinceMs: nowMs,
      idleTurn: 0,
      requestCount: 0,
      leasedTo: undefined,
      lookAtMs: Number.POSITIVE_INFINITY,
      isTimedOut: false,
      isDraining: false,
      isClosing: false,
      lingersUntilMs: undefined,
    })
    this.#checkCapsOf(origin.key)
  }

  opened(connection: TestConnection, nowMs: number): void {
    const model = this.of(connection)
    model.hasOpened = true
    model.openedAtMs = nowMs
    this.#idles(model, nowMs)
  }

  granted(name: string, connection: TestConnection, nowMs: number): void {
    const model = this.of(connection)
    if (!isIdle(model)) fail(`connection ${connection.id} was granted, but not idle`)
    this.end(name, 'granted')
    const dialledId = this.#dialledFor.get(name) ?? connection.id
    if (this.policy.binding === 'early' && connection.id !== dialledId) {
      fail(`${name} got connection ${connection.id}, but was dialled ${dialledId}`)
    }
    if (model.requestCount > 0 && nowMs >= this.expiryOf(model)) fail(`${name} got an expired one`)
    model.requestCount++
    model.leasedTo = name
    model.lookAtMs = this.#nextLookMs(nowMs)
    this.leases++
    if (model.requestCount > 1) this.reuses++
    const { maxRequestsPerConnection } = this.policy
    if (model.requestCount > maxRequestsPerConnection) fail(`${name} is one request too many`)
    if (model.requestCount === maxRequestsPerConnection && !model.isDraining) {
      fail(`${name} is the last request, which was not announced`)
    }
  }

  draining(id: number): void {
    const model = this.live.get(id) ?? fail(`connection ${id} is not there`)
    model.isDraining = true
  }

  released(connection: TestConnection, nowMs: number): void {
    const model = this.of(connection)
    model.leasedTo = undefined
    this.#idles(model, nowMs)
  }

  /** All connections are given up; each will be asked to close that is not closing already. */
  destroyed(): void {
    for (const model of this.live.values()) {
      if (!model.isClosing || model.lingersUntilMs !== undefined) this.#doom(model)
      const request = this.waiting.get(model.connection.waiter?.request.name ?? '')
      if (request !== undefined) request.isClaimed = true
    }
  }

  /** The pool asks since when the request that has the connection has heard nothing. */
  asked(connection: TestConnection, sinceMs: number, nowMs: number): void {
    const model = this.of(connection)
    if (!isLeased(model)) fail(`connection ${connection.id} was asked, but is not in use`)
    if (nowMs < model.lookAtMs) fail(`connection ${connection.id} was asked too early`)
    const upAtMs = sinceMs + this.policy.responseTimeoutMs
    model.isTimedOut = nowMs >= upAtMs
    model.lookAtMs = Math.min(upAtMs, this.#nextLookMs(nowMs))
  }

  /** The pool has done what was due: who is overdue still was let off, which must be for a reason. */
  advanced(nowMs: number): void {
    const waiting = [...this.waiting.values()].map((request) => this.deadlineOf(request))
    this.reprievedToMs = letOffTo(this.reprievedToMs, waiting, nowMs)
    const looks = [...this.live.values()].filter(isLeased).map(({ lookAtMs }) => lookAtMs)
    this.silentReprievedToMs = letOffTo(this.silentReprievedToMs, looks, nowMs)
    const waits = this.lingering().map(({ connection }) => connection.expiresAtMs)
    this.lingeringReprievedToMs = letOffTo(this.lingeringReprievedToMs, waits, nowMs, 0)
  }

  deadlineOf({ queuedAtMs }: ModelRequest): number {
    return queuedAtMs + this.policy.acquireTimeoutMs
  }

  lingers(connection: TestConnection, nowMs: number): void {
    const model = this.of(connection)
    if (!isIdle(model)) fail(`connection ${connection.id} lingers, but was not idle`)
    if (connection.closeReason === 'evicted') this.#checkEviction(model)
    model.isClosing = true
    model.lingersUntilMs = nowMs + this.policy.peerCloseWaitMs
  }

  closing(connection: TestConnection, reason: CloseReason): void {
    const model = this.of(connection)
    if (this.#doomed.delete(model)) return
    if (model.lingersUntilMs !== undefined) {
      model.lingersUntilMs = undefined
      return
    }
    if (model.isClosing) fail(`connection ${connection.id} was to be closed twice`)
    if (reason === 'evicted') this.#checkEviction(model)
    if (isLeased(model) && !model.isTimedOut) fail(`connection ${connection.id} is in use`)
    model.isClosing = true
    model.leasedTo = undefined
  }

  gone(connection: TestConnection): void {
    this.#doomed.delete(this.of(connection))
    this.live.delete(connection.id)
  }

  /** Connections that were given up, and neither asked to close nor gone. */
  get forsakenCount(): number {
    return this.#doomed.size
  }

  closed(reason: CloseReason): void {
    this.closes[reason] = (this.closes[reason] ?? 0) + 1
  }

  /** Those that wait for their peer to close first. */
  lingering(): ModelConnection[] {
    return [...this.live.values()].filter(({ lingersUntilMs }) => lingersUntilMs !== undefined)
  }

  /** Until when the connection may linger, as long as requests wait as they do now. */
  lastWaitMs({ lingersUntilMs = Number.NaN, origin }: ModelConnection, nowMs: number): number {
    const isWanted = this.wantedPlaces() > 0 || this.queuedOf(origin).length > 0
    return isWanted ? Math.min(lingersUntilMs, nowMs + HURRIED_WAIT_MS) : lingersUntilMs
  }

  connectionsOf(origin: string): ModelConnection[] {
    return [...this.live.values()].filter((model) => model.origin === origin)
  }

  idleOf(origin: string): ModelConnection[] {
    return this.connectionsOf(origin)
      .filter(isIdle)
      .toSorted((left, right) => left.idleTurn - right.idleTurn)
  }

  requestsOf(origin: string): ModelRequest[] {
    return [...this.waiting.values()].filter((request) => request.origin === origin)
  }

  /** The requests of the origin without a dial of their own. */
  queuedOf(origin: string): ModelRequest[] {
    const dialling = new Set(
      this.connectionsOf(origin).map(({ connection }) => connection.waiter?.request.name),
    )
    return this.requestsOf(origin).filter(({ name }) => !dialling.has(name))
  }

  get origins(): Set<string> {
    const waiting = [...this.waiting.values()].map(({ origin }) => origin)
    return new Set([...waiting, ...[...this.live.values()].map(({ origin }) => origin)])
  }

  /** How many dials only the total cap prevents, but for the origin left out. */
  wantedPlaces(except?: string): number {
    let wanted = 0
    for (const origin of this.origins) {
      if (origin === except) continue
      const connections = this.connectionsOf(origin)
      const room = Math.min(
        this.caps.maxPerOrigin - connections.length,
        this.policy.maxConnectingPerOrigin - connections.filter(isConnecting).length,
      )
      wanted += Math.max(0, Math.min(room, this.queuedOf(origin).length))
    }
    return wanted
  }

  /** Whether so many more dials fit under the total cap, once all that is closing is closed. */
  hasPlaceFor(wanted: number): boolean {
    const staying = [...this.live.values()].filter(({ isClosing }) => !isClosing).length
    return staying + wanted <= this.caps.maxTotal
  }

  /** When an idle connection may take no further request. */
  expiryOf(model: ModelConnection): number {
    const { connection, idleSinceMs, openedAtMs } = model
    const { connectionAgeJitter, idleTimeoutMs, maxConnectionAgeMs } = this.policy
    const ageMs = maxConnectionAgeMs * (1 - connectionAgeJitter * connection.jitter)
    const unusedMs = isLeftOver(model) ? UNUSED_MS : Number.POSITIVE_INFINITY
    return Math.min(idleSinceMs + idleTimeoutMs, openedAtMs + Math.min(ageMs, unusedMs))
  }

  /** The connection is given up, and will be asked to close within the same call. */
  #doom(model: ModelConnection): void {
    this.#doomed.add(model)
    model.isClosing = true
    model.lingersUntilMs = undefined
    model.leasedTo = undefined
  }

  #idles(model: ModelConnection, nowMs: number): void {
    model.idleSinceMs = nowMs
    model.idleTurn = ++this.#idleTurns
  }

  #nextLookMs(nowMs: number): number {
    return nowMs + Math.ceil(this.policy.responseTimeoutMs / LOOKS)
  }

  #checkCapsOf(origin: string): void {
    const connections = this.connectionsOf(origin)
    if (this.live.size > this.caps.maxTotal) fail('more connections than maxTotal')
    if (connections.length > this.caps.maxPerOrigin) fail(`${origin}: more than maxPerOrigin`)
    if (connections.filter(isConnecting).length > this.policy.maxConnectingPerOrigin) {
      fail(`${origin}: more than maxConnectingPerOrigin`)
    }
  }

  #checkEviction(model: ModelConnection): void {
    if (this.haveCapsChanged) return
    // Connections make way for requests of their own origin that take nothing but a dial.
    if (this.queuedOf(model.origin).some(({ isClaimed }) => isClaimed)) return
    if (!(isIdle(model) || isSpareDial(model))) {
      fail(`connection ${model.connection.id} was evicted, but not idle`)
    }
    if (this.hasPlaceFor(this.wantedPlaces(model.origin))) {
      fail(`connection ${model.connection.id} was evicted, but nobody needs its place`)
    }
  }
}

/** Until when deadlines have been let off once, now that the pool has met those that were due. */
const letOffTo = (
  reprievedToMs: number,
  deadlines: readonly number[],
  nowMs: number,
  heldUpMs = HELD_UP_MS,
): number => {
  const firstMs = Math.min(...deadlines)
  if (nowMs < firstMs || nowMs <= reprievedToMs) return reprievedToMs
  if (firstMs <= reprievedToMs) fail('what is overdue was let off twice')
  if (nowMs - firstMs <= heldUpMs) fail('what is overdue was let off')
  return nowMs
}

export const isConnecting = ({ hasOpened, isClosing }: ModelConnection): boolean =>
  !(hasOpened || isClosing)

/** Whether a request asked for its dial, and none has used it. */
export const isLeftOver = ({ connection, requestCount }: ModelConnection): boolean =>
  requestCount === 0 && !connection.isAhead

export const isSpareDial = (model: ModelConnection): boolean =>
  isConnecting(model) && model.connection.waiter === undefined

export const isIdle = ({ hasOpened, isClosing, leasedTo }: ModelConnection): boolean =>
  hasOpened && !isClosing && leasedTo === undefined

export const isLeased = ({ leasedTo }: ModelConnection): boolean => leasedTo !== undefined
