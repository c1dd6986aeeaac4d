import { EventEmitter } from 'node:events'
import { InvalidArgumentError, type PolicyOptions, resolvePolicy } from '@holdfast/core'
import type { Client, Dispatcher } from 'undici'
import { checkDrainOptions, type DrainOptions, type DrainResult } from '../driver/drain.ts'
import type { KeepAliveSettings } from '../driver/liveness/tcp-keep-alive.ts'
import type { PoolRuntime } from '../driver/pool-runtime.ts'
import { MAX_DELAY_MS } from '../driver/real-time.ts'
import { throwLater } from '../driver/throw-later.ts'
import type { WarmResult } from '../driver/warm-ups.ts'
import { ClientRunner } from './client-runner.ts'
import { withController } from './compose/handler-of-both-kinds.ts'
import type { ClientConnection } from './connection/client-connection.ts'
import {
  checkDispatcherOptions,
  connectorOf,
  type KeepAliveDispatcherOptions,
} from './dispatcher-options.ts'
import { MockedOrigins } from './mocked-origins.ts'
import { refuseForwarding } from './peer/refuse-forwarding.ts'
import { takesLegacyHandlers } from './peer/undici-internals.ts'
import { type AnyHandler, checkHandler, type UndiciModule } from './peer/undici-module.ts'
import { ControllerRequest } from './request/controller-request.ts'
import { copyOptions } from './request/copy-options.ts'
import type { DispatchedRequest } from './request/dispatched-request.ts'
import { LegacyRequest } from './request/legacy-request.ts'

const clientOptionsOf = (options: KeepAliveDispatcherOptions): Client.Options => {
  const { headersTimeout, bodyTimeout, maxHeaderSize, maxResponseSize } = options
  const { strictContentLength, localAddress } = options
  return {
    pipelining: 1,
    allowH2: false,
    // The pool knows when an idle connection ends. A threshold as low as this keeps undici from taking
    // the server's hints, which the pool applies, for anything shorter.
    keepAliveTimeout: MAX_DELAY_MS,
    keepAliveMaxTimeout: MAX_DELAY_MS,
    keepAliveTimeoutThreshold: -MAX_DELAY_MS,
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

type RequestClass = new (
  ...parameters: ConstructorParameters<typeof LegacyRequest>
) => DispatchedRequest

/** The state and work of a dispatcher, in one object that its proxies and copies share. */
export class DispatcherAdapter {
  readonly options: KeepAliveDispatcherOptions
  readonly #dispatcher: EventEmitter
  readonly #undici: UndiciModule
  readonly #clients: ClientRunner
  readonly #mocked: MockedOrigins
  readonly #requestClass: RequestClass
  #isClosed = false
  #isDestroyed = false
  #closing: Promise<void> | undefined
  #destruction: Promise<void> | undefined

  /** @param dispatcher The dispatcher that emits the events. */
  constructor(dispatcher: EventEmitter, options: KeepAliveDispatcherOptions, peer: UndiciModule) {
    checkDispatcherOptions(options)
    const policy = resolvePolicy(options.policy, { binding: 'late' })
    const undici = (options.undici as UndiciModule | undefined) ?? peer
    const { connections, maxTotalConnections, maxIdleConnections, scheduling } = options
    const { socketPath, localAddress } = options
    this.options = options
    this.#dispatcher = dispatcher
    this.#undici = undici
    this.#requestClass = takesLegacyHandlers(undici) ? LegacyRequest : ControllerRequest
    this.#clients = new ClientRunner({
      source: dispatcher,
      undici,
      policy,
      caps: {
        maxPerOrigin: connections ?? Number.POSITIVE_INFINITY,
        maxTotal: maxTotalConnections ?? Number.POSITIVE_INFINITY,
        maxIdlePerOrigin: maxIdleConnections ?? Number.POSITIVE_INFINITY,
      },
      scheduling: scheduling ?? 'lifo',
      connectorWith: (lookupFor) => connectorOf(options, undici, lookupFor),
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
    refuseForwarding(dispatcher, undici)
    this.#mocked = new MockedOrigins(dispatcher, undici)
  }

  get pool(): PoolRuntime<ClientConnection, DispatchedRequest> {
    return this.#clients.runtime
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: object): boolean {
    const { errors } = this.#undici
    if (!handler || typeof handler !== 'object') {
      throw new errors.InvalidArgumentError('handler must be an object')
    }
    const given = handler as AnyHandler
    try {
      const isLenient = this.#requestClass === LegacyRequest
      checkHandler(given, options, isLenient, errors.InvalidArgumentError)
      this.#checkOpen()
      const mocked = this.#mocked.dispatcherOf(options)
      if (mocked !== undefined) {
        // Mocks of undici 8 call handlers with a controller only.
        const answered = isLenient ? given : withController(given)
        return mocked.dispatch(options, answered as Dispatcher.DispatchHandler)
      }
      const asked = copyOptions(options)
      const target = this.#clients.targets.targetOf(asked)
      const request = new this.#requestClass(this.#clients, target, asked, given)
      return this.#clients.lease(request)
    } catch (error) {
      failHandler(given, error as Error)
      return false
    }
  }

  async warm(url: string | URL, count: number): Promise<WarmResult> {
    const origin = originOf(url)
    const target = this.#clients.targets.targetOf({ origin, path: '/', method: 'GET' })
    return await this.pool.warm(target, count)
  }

  async drain(options: DrainOptions): Promise<DrainResult> {
    // Checked first: a refused drain changes nothing.
    checkDrainOptions(options)
    this.#isClosed = true
    return await this.pool.drain(options)
  }

  async close(): Promise<void> {
    if (this.#isDestroyed) throw new this.#undici.errors.ClientDestroyedError()
    this.#closing ??= this.#endGracefully()
    await this.#closing
  }

  destroy(error: Error | null): Promise<void> {
    if (this.#destruction !== undefined) return this.#destruction
    this.#isDestroyed = true
    this.#isClosed = true
    const cause = error ?? new this.#undici.errors.ClientDestroyedError()
    this.#clients.destroy(cause)
    const drained = this.pool.drain({ timeoutMs: Number.POSITIVE_INFINITY })
    this.#destruction = Promise.all([drained, this.#mocked.destroy(cause)]).then(() => undefined)
    return this.#destruction
  }

  checkCallback(callback: unknown): void {
    if (typeof callback === 'function') return
    throw new this.#undici.errors.InvalidArgumentError('invalid callback')
  }

  async #endGracefully(): Promise<void> {
    const drained = this.drain({ timeoutMs: Number.POSITIVE_INFINITY })
    await Promise.all([drained, this.#mocked.close()])
    await this.destroy(null)
  }

  /** Emits an event. A listener that throws must not affect the connection or any request. */
  #emit(event: string, origin: string, ...more: readonly unknown[]): void {
    const emitter = this.#dispatcher
    if (EventEmitter.prototype.listenerCount.call(emitter, event) === 0) return
    try {
      EventEmitter.prototype.emit.call(emitter, event, new URL(origin), [emitter], ...more)
    } catch (error) {
      throwLater(error)
    }
  }

  #checkOpen(): void {
    const { ClientDestroyedError, ClientClosedError } = this.#undici.errors
    if (this.#isDestroyed) throw new ClientDestroyedError()
    if (this.#isClosed) throw new ClientClosedError()
  }
}

/** @throws InvalidArgumentError for a value without an `http:` or `https:` origin. */
const originOf = (url: string | URL): string => {
  const parsed = URL.canParse(String(url)) ? new URL(String(url)) : undefined
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed.origin
  throw new InvalidArgumentError('url', url, 'an absolute http: or https: URL')
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
