import type { Caps } from '../src/options/caps.ts'
import type { ResolvedPolicy } from '../src/policies/resolve-policy.ts'
import type { TestConnection } from './recording-effects.ts'

/** A connection as its driver knows it. */
export interface ModelConnection {
  readonly connection: TestConnection
  readonly origin: string
  hasOpened: boolean
  leasedTo: string | undefined
  /** Whether its request has heard nothing for too long. */
  isTimedOut: boolean
  isDraining: boolean
  isClosing: boolean
  /** Whether it waits for its peer to close first. */
  isLingering: boolean
}

/** A request that waits. */
export interface ModelRequest {
  readonly name: string
  readonly origin: string
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
 * What a pool must look like whatever its driver does within its effects, told from outside: by these
 * effects, and by what the driver tells it. Everything is counted naively, whenever it is asked for. What
 * the pool decides, and when, is the business of the reference.
 */
export class PoolModel {
  readonly policy: ResolvedPolicy
  readonly caps: Caps
  readonly live: Map<number, ModelConnection> = new Map()
  readonly waiting: Map<string, ModelRequest> = new Map()
  /** How each request ended that no longer waits. */
  readonly ended: Map<string, RequestEnd> = new Map()
  /** From a change on, what stood before it may exceed the caps, and nobody is told of more room. */
  haveCapsChanged = false
  /** The last connection that was dialled for each request. */
  readonly #dialledFor: Map<string, number> = new Map()
  readonly #doomed: Set<ModelConnection> = new Set()

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
    { isClaimed, keepsToDial }: Pick<ModelRequest, 'isClaimed' | 'keepsToDial'>,
  ): void {
    this.waiting.set(name, { name, origin, isClaimed, keepsToDial })
    this.#dialledFor.delete(name)
  }

  end(name: string, end: RequestEnd): void {
    const { origin } =
      this.waiting.get(name) ?? fail(`${name} is ${end}, but was ${this.ended.get(name)}`)
    this.waiting.delete(name)
    this.ended.set(name, end)
    if (end !== 'rejected') return
    // A request that gives up hears of it before its dial is asked to close.
    for (const model of this.connectionsOf(origin)) {
      if (isSpareDial(model) && model.connection.stateName === 'closing') this.#doom(model)
    }
  }

  dialled(connection: TestConnection, request: string | undefined): void {
    const { id, origin } = connection
    if (request !== undefined) this.#dialledFor.set(request, id)
    this.live.set(id, {
      connection,
      origin: origin.key,
      hasOpened: false,
      leasedTo: undefined,
      isTimedOut: false,
      isDraining: false,
      isClosing: false,
      isLingering: false,
    })
    this.#checkCapsOf(origin.key)
  }

  opened(connection: TestConnection): void {
    this.of(connection).hasOpened = true
  }

  granted(name: string, connection: TestConnection): void {
    const model = this.of(connection)
    if (!isIdle(model)) fail(`connection ${connection.id} was granted, but not idle`)
    this.end(name, 'granted')
    const dialledId = this.#dialledFor.get(name) ?? connection.id
    if (this.policy.binding === 'early' && connection.id !== dialledId) {
      fail(`${name} got connection ${connection.id}, but was dialled ${dialledId}`)
    }
    model.leasedTo = name
  }

  draining(id: number): void {
    const model = this.live.get(id) ?? fail(`connection ${id} is not there`)
    model.isDraining = true
  }

  released(connection: TestConnection): void {
    this.of(connection).leasedTo = undefined
  }

  /** All connections are given up; each will be asked to close that is not closing already. */
  destroyed(): void {
    for (const model of this.live.values()) {
      if (!model.isClosing || model.isLingering) this.#doom(model)
      const request = this.waiting.get(model.connection.waiter?.request.name ?? '')
      if (request !== undefined) request.isClaimed = true
    }
  }

  /** The pool asks since when the request that has the connection has heard nothing. */
  asked(connection: TestConnection, sinceMs: number, nowMs: number): void {
    const model = this.of(connection)
    if (!isLeased(model)) fail(`connection ${connection.id} was asked, but is not in use`)
    model.isTimedOut = nowMs >= sinceMs + this.policy.responseTimeoutMs
  }

  lingers(connection: TestConnection): void {
    const model = this.of(connection)
    if (!isIdle(model)) fail(`connection ${connection.id} lingers, but was not idle`)
    model.isClosing = true
    model.isLingering = true
  }

  closing(connection: TestConnection): void {
    const model = this.of(connection)
    if (this.#doomed.delete(model)) return
    if (model.isLingering) {
      model.isLingering = false
      return
    }
    if (model.isClosing) fail(`connection ${connection.id} was to be closed twice`)
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

  /** Those that wait for their peer to close first. */
  lingering(): ModelConnection[] {
    return [...this.live.values()].filter(({ isLingering }) => isLingering)
  }

  connectionsOf(origin: string): ModelConnection[] {
    return [...this.live.values()].filter((model) => model.origin === origin)
  }

  idleOf(origin: string): ModelConnection[] {
    return this.connectionsOf(origin).filter(isIdle)
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

  /** How many dials only the total cap prevents. */
  wantedPlaces(): number {
    let wanted = 0
    for (const origin of this.origins) {
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

  /** The connection is given up, and will be asked to close within the same call. */
  #doom(model: ModelConnection): void {
    this.#doomed.add(model)
    model.isClosing = true
    model.isLingering = false
    model.leasedTo = undefined
  }

  #checkCapsOf(origin: string): void {
    const connections = this.connectionsOf(origin)
    if (this.live.size > this.caps.maxTotal) fail('more connections than maxTotal')
    if (connections.length > this.caps.maxPerOrigin) fail(`${origin}: more than maxPerOrigin`)
    if (connections.filter(isConnecting).length > this.policy.maxConnectingPerOrigin) {
      fail(`${origin}: more than maxConnectingPerOrigin`)
    }
  }
}

export const isConnecting = ({ hasOpened, isClosing }: ModelConnection): boolean =>
  !(hasOpened || isClosing)

export const isSpareDial = (model: ModelConnection): boolean =>
  isConnecting(model) && model.connection.waiter === undefined

export const isIdle = ({ hasOpened, isClosing, leasedTo }: ModelConnection): boolean =>
  hasOpened && !isClosing && leasedTo === undefined

export const isLeased = ({ leasedTo }: ModelConnection): boolean => leasedTo !== undefined
