import { EventEmitter } from 'node:events'
import { type PolicyOptions, resolvePolicy } from '@holdfast/core'
import type { Client, Dispatcher } from 'undici'
import type { ConnectionRow } from '../driver/connection-row.ts'
import type { DrainOptions, DrainResult } from '../driver/drain.ts'
import type { DriverStats } from '../driver/driver-stats.ts'
import { realTime } from '../driver/real-time.ts'
import type { KeepAliveSettings } from '../driver/tcp-keep-alive.ts'
import type { WarmResult } from '../driver/warm-ups.ts'
import { ClientPool } from './client-pool.ts'
import { ControllerRequest } from './controller-request.ts'
import { copyOptions } from './copy-options.ts'
import type { DispatchedRequest } from './dispatched-request.ts'
import {
  checkDispatcherOptions,
  connectorOf,
  type KeepAliveDispatcherOptions,
} from './dispatcher-options.ts'
import { LegacyRequest } from './legacy-request.ts'
import { loadUndici, type PeerModule } from './load-undici.ts'
import { refuseForwarding } from './refuse-forwarding.ts'
import {
  type AnyHandler,
  checkHandler,
  takesLegacyHandlers,
  type UndiciModule,
} from './undici-module.ts'

/** What Node's fetch takes, as its types know it, which are those of an undici of their own. */
type FetchDispatcher = RequestInit extends { dispatcher?: infer Kind } ? NonNullable<Kind> : unknown

const PEER: PeerModule = loadUndici()
const PeerDispatcher: new () => Dispatcher & FetchDispatcher = PEER.Dispatcher as never

/** The longest delay that a timer of Node takes, for the time-outs of undici that are not to be. */
const NEVER_MS = 2_147_483_647

const clientOptionsOf = (options: KeepAliveDispatcherOptions): Client.Options => {
  const { headersTimeout, bodyTimeout, maxHeaderSize, maxResponseSize } = options
  const { strictContentLength, localAddress } = options
  return {
    pipelining: 1,
    allowH2: false,
    // The pool knows when an idle connection ends. A threshold as low as this keeps undici from taking
    // the server's hints, which the pool heeds, for anything shorter.
    keepAliveTimeout: NEVER_MS,
    keepAliveMaxTimeout: NEVER_MS,
    keepAliveTimeoutThreshold: -NEVER_MS,
    ...(headersTimeout === undefined ? undefined : { headersTimeout }),
    ...(bodyTimeout === undefined ? undefined : { bodyTimeout }),
    ...(maxHeaderSize === undefined ? undefined : { maxHeaderSize }),
    ...(maxResponseSize === undefined ? undefined : { maxResponseSize }),
    ...(strictContentLength === undefined ? undefined : { strictContentLength }),
    ...(localAddress === undefined ? undefined : { localAddress }),
  }
}

const keepAliveSettingsOf = (
  { connect }: KeepAliveDispatcherOptions,
  policy: ReturnType<typeof resolvePolicy>,
  given: PolicyOptions['tcpKeepAlive'],
): KeepAliveSettings | undefined => {
  const isConnectAsked =
    typeof connect === 'object' && ('keepAlive' in connect || 'keepAliveInitialDelay' in connect)
  if (given === undefined && isConnectAsked) return undefined
  return policy.tcpKeepAlive === false ? undefined : policy.tcpKeepAlive
}

type Callback = (error: Error | null, data: null) => void

/**
 * An undici `Dispatcher` that never uses a connection that is known to be dead. It serves `fetch`, be
 * it Node's or undici's, `undici.request` and the rest, and undici's interceptors.
 *
 * It takes undici's options with undici's meaning and defaults. When connections are kept, checked and
 * replaced is said in `policy`, as for the agents.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an option that is wrong, unknown, or
 * of no use here.
 */
export class KeepAliveDispatcher extends PeerDispatcher {
  readonly #undici: UndiciModule
  readonly #clients: ClientPool
  readonly #requestClass: new (
    ...parameters: ConstructorParameters<typeof LegacyRequest>
  ) => DispatchedRequest
  readonly #options: KeepAliveDispatcherOptions
  #isClosed = false
  #isDestroyed = false
  #closing: Promise<void> | undefined
  #destruction: Promise<void> | undefined

  constructor(options: KeepAliveDispatcherOptions = {}) {
    super()
    checkDispatcherOptions(options)
    const policy = resolvePolicy(options.policy, { binding: 'late' })
    const undici = (options.undici as UndiciModule | undefined) ?? PEER
    const { connections, maxTotalConnections, maxIdleConnections, scheduling } = options
    const { socketPath, localAddress } = options
    refuseForwarding(this, undici)
    this.#options = options
    this.#undici = undici
    this.#requestClass = takesLegacyHandlers(undici) ? LegacyRequest : ControllerRequest
    this.#clients = new ClientPool({
      source: this,
      undici,
      policy,
      caps: {
        maxPerOrigin: connections ?? Number.POSITIVE_INFINITY,
        maxTotal: maxTotalConnections ?? Number.POSITIVE_INFINITY,
        maxIdlePerOrigin: maxIdleConnections ?? Number.POSITIVE_INFINITY,
      },
      scheduling: scheduling ?? 'lifo',
      connect: connectorOf(options, undici),
      socketPath,
      localAddress,
      tcpKeepAlive: keepAliveSettingsOf(options, policy, options.policy?.tcpKeepAlive),
      clientOptions: clientOptionsOf(options),
      events: {
        onConnect: (origin) => this.#emit('connect', origin),
        onDisconnect: (origin, error) => this.#emit('disconnect', origin, error),
        onConnectionError: (origin, error) => this.#emit('connectionError', origin, error),
        onDrain: (origin) => this.#emit('drain', origin),
      },
    })
  }

  /**
   * Leads back to the dispatcher from the Proxies that `compose` makes of it, which have no private
   * fields, but pass on to a getter what they stand for.
   */
  private get self(): this {
    return this
  }

  /** Whether it takes no new request any more. */
  get closed(): boolean {
    return this.#isClosed
  }

  get destroyed(): boolean {
    return this.#isDestroyed
  }

  /** Read by undici's `WebSocket`. */
  get webSocketOptions(): Required<NonNullable<KeepAliveDispatcherOptions['webSocket']>> {
    const { maxFragments = 131_072, maxPayloadSize = 134_217_728 } = this.#options.webSocket ?? {}
    return { maxFragments, maxPayloadSize }
  }

  /** Read by undici's `EventSource`. */
  get eventSourceOptions(): { readonly maxEventSize?: number } {
    return { ...this.#options.eventSource }
  }

  /**
   * Sends a request, or lets it wait for a connection.
   *
   * @param handler Of either kind: with a controller, as undici 7 and 8 know it, or of the kind
   * before, which Node's own fetch had until Node 26.
   * @returns `false` where it has to wait because there may be no more connections; a `drain` event
   * follows once nobody has to any more.
   */
  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean
  /** The same, in the words of another undici. */
  override dispatch(
    options: { readonly path: string; readonly method: string },
    handler: object,
  ): boolean
  override dispatch(options: Dispatcher.DispatchOptions, handler: object): boolean {
    const { InvalidArgumentError } = this.#undici.errors
    if (!handler || typeof handler !== 'object') {
      throw new InvalidArgumentError('handler must be an object')
    }
    const given = handler as AnyHandler
    try {
      checkHandler(given, options, this.#requestClass === LegacyRequest, InvalidArgumentError)
      this.#checkOpen()
      const asked = copyOptions(options)
      const target = this.#clients.targets.targetOf(asked)
      const request = new this.#requestClass(this.#clients, target, asked, given)
      return this.#clients.lease(request)
    } catch (error) {
      failHandler(given, error as Error)
      return false
    }
  }

  /**
   * The dispatcher under interceptors, which shares its connections, `stats()` and the rest with it.
   *
   * @param interceptors From the innermost to the outermost one.
   */
  override compose(interceptors: Dispatcher.DispatcherComposeInterceptor[]): this
  override compose(...interceptors: Dispatcher.DispatcherComposeInterceptor[]): this
  /** The same, in the words of another undici. */
  override compose(...interceptors: readonly unknown[]): this
  override compose(...interceptors: readonly unknown[]): this {
    return super.compose(...(interceptors as [])) as never
  }

  /** Counters and gauges, in total and by origin. O(origins). */
  stats(): DriverStats {
    return this.self.#clients.driver.stats()
  }

  /** One row a connection, by origin, the oldest first. O(connections). */
  inspect(): ConnectionRow[] {
    return this.self.#clients.driver.inspect()
  }

  /**
   * Opens connections ahead of requests, so that so many are idle or on their way.
   *
   * @param count A whole number from 0 to 10 000.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for a count out of bounds.
   */
  async warm(url: string | URL, count: number): Promise<WarmResult> {
    const { origin } = new URL(url)
    const { self } = this
    const target = self.#clients.targets.targetOf({ origin, path: '/', method: 'GET' })
    return await self.#clients.driver.warm(target, count)
  }

  /**
   * Takes no new request any more, and serves those that there are; what is left after `timeoutMs` is
   * destroyed.
   */
  drain(options: DrainOptions = {}): Promise<DrainResult> {
    const { self } = this
    self.#isClosed = true
    return self.#clients.driver.drain(options)
  }

  /** Takes no new request any more, and ends once every one that there is has been served. */
  override close(): Promise<void>
  override close(callback: () => void): void
  override close(callback?: Callback | (() => void)): Promise<void> | void {
    const { self } = this
    if (callback === undefined) return self.#close()
    self.#checkCallback(callback)
    self.#call(self.#close(), callback as Callback)
  }

  /** Ends every request with the error, and every connection. */
  override destroy(error?: Error | null): Promise<void>
  override destroy(callback: () => void): void
  override destroy(error: Error | null, callback: () => void): void
  override destroy(
    error?: Error | null | (() => void),
    callback?: () => void,
  ): Promise<void> | void {
    if (typeof error === 'function') return this.destroy(null, error)
    const { self } = this
    if (callback === undefined) return self.#destroy(error ?? null)
    self.#checkCallback(callback)
    self.#call(self.#destroy(error ?? null), callback as Callback)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    if (this.#isDestroyed) throw new this.#undici.errors.ClientDestroyedError()
    this.#closing ??= this.drain({ timeoutMs: Number.POSITIVE_INFINITY }).then(() =>
      this.#destroy(null),
    )
    await this.#closing
  }

  #destroy(error: Error | null): Promise<void> {
    if (this.#destruction !== undefined) return this.#destruction
    this.#isDestroyed = true
    this.#isClosed = true
    const { driver } = this.#clients
    this.#clients.destroy(error ?? new this.#undici.errors.ClientDestroyedError())
    this.#destruction = driver.drain({ timeoutMs: Number.POSITIVE_INFINITY }).then(() => undefined)
    return this.#destruction
  }

  #checkCallback(callback: unknown): void {
    if (typeof callback === 'function') return
    throw new this.#undici.errors.InvalidArgumentError('invalid callback')
  }

  #call(ending: Promise<void>, callback: Callback): void {
    ending.then(
      () => realTime.queueMicrotask(() => callback(null, null)),
      (error: Error) => realTime.queueMicrotask(() => callback(error, null)),
    )
  }

  #emit(event: string, origin: string, ...more: readonly unknown[]): void {
    if (EventEmitter.prototype.listenerCount.call(this, event) === 0) return
    EventEmitter.prototype.emit.call(this, event, new URL(origin), [this], ...more)
  }

  #checkOpen(): void {
    const { ClientDestroyedError, ClientClosedError } = this.#undici.errors
    if (this.#isDestroyed) throw new ClientDestroyedError()
    if (this.#isClosed) throw new ClientClosedError()
  }
}

const failHandler = (handler: AnyHandler, error: Error): void => {
  if ('onResponseError' in handler && typeof handler.onResponseError === 'function') {
    handler.onResponseError(null as never, error)
  } else if ('onError' in handler && typeof handler.onError === 'function') {
    handler.onError(error)
  } else {
    throw error
  }
}
