import type { Dispatcher } from 'undici'
import type { DrainOptions, DrainResult } from '../driver/drain.ts'
import type { ConnectionRow } from '../driver/observe/connection-row.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'
import { realTime } from '../driver/real-time.ts'
import type { WarmResult } from '../driver/warm-ups.ts'
import { interceptorForBothKinds } from './compose/interceptor-for-both-kinds.ts'
import { DispatcherAdapter } from './dispatcher-adapter.ts'
import type { KeepAliveDispatcherOptions } from './dispatcher-options.ts'
import { loadUndici, type PeerModule } from './peer/load-undici.ts'

/** What Node's fetch takes, as its types know it, which are those of an undici of their own. */
type FetchDispatcher = RequestInit extends { dispatcher?: infer Kind } ? NonNullable<Kind> : unknown

const PEER: PeerModule = loadUndici()
const PeerDispatcher: new () => Dispatcher & FetchDispatcher = PEER.Dispatcher as never

type Callback = (error: Error | null, data: null) => void

/**
 * An ordinary property, which is found through a Proxy, through `Object.create` and in a copy, all of
 * which share the connections. It holds a function, because those who copy options deeply (lodash's
 * `cloneDeep`) take functions as they are.
 */
const ADAPTER = Symbol('holdfast.adapter')

const adapterOf = (dispatcher: object): DispatcherAdapter =>
  (dispatcher as { readonly [ADAPTER]: () => DispatcherAdapter })[ADAPTER]()

const call = (ending: Promise<void>, callback: Callback): void => {
  ending.then(
    () => realTime.queueMicrotask(() => callback(null, null)),
    (error: Error) => realTime.queueMicrotask(() => callback(error, null)),
  )
}

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
  constructor(options: KeepAliveDispatcherOptions = {}) {
    super()
    const adapter = new DispatcherAdapter(this, options, PEER)
    Object.assign(this, { [ADAPTER]: (): DispatcherAdapter => adapter })
  }

  /** Whether it takes no new request any more. */
  get closed(): boolean {
    return adapterOf(this).isClosed
  }

  get destroyed(): boolean {
    return adapterOf(this).isDestroyed
  }

  /** Read by undici's `WebSocket`. */
  get webSocketOptions(): Required<NonNullable<KeepAliveDispatcherOptions['webSocket']>> {
    const { webSocket } = adapterOf(this).options
    const { maxFragments = 131_072, maxPayloadSize = 134_217_728 } = webSocket ?? {}
    return { maxFragments, maxPayloadSize }
  }

  /** Read by undici's `EventSource`. */
  get eventSourceOptions(): { readonly maxEventSize?: number } {
    return { ...adapterOf(this).options.eventSource }
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
    return adapterOf(this).dispatch(options, handler)
  }

  /**
   * The dispatcher under interceptors, which shares its connections, `stats()` and the rest with it. They
   * may be of undici 7 or 8, and serve handlers of either kind, whichever of the two it stands on.
   *
   * @param interceptors From the innermost to the outermost one.
   */
  override compose(interceptors: Dispatcher.DispatcherComposeInterceptor[]): this
  override compose(...interceptors: Dispatcher.DispatcherComposeInterceptor[]): this
  /** The same, in the words of another undici. */
  override compose(...interceptors: readonly unknown[]): this
  override compose(...interceptors: readonly unknown[]): this {
    const [first] = interceptors
    const list: readonly unknown[] = Array.isArray(first) ? first : interceptors
    return super.compose(list.map(interceptorForBothKinds) as []) as never
  }

  /** Counters and gauges, in total and by origin. O(origins). */
  stats(): DriverStats {
    return adapterOf(this).pool.stats()
  }

  /** One row a connection, by origin, the oldest first. O(connections). */
  inspect(): ConnectionRow[] {
    return adapterOf(this).pool.inspect()
  }

  /**
   * Opens connections ahead of requests, TLS handshake included, until so many are idle or on their
   * way, as far as the caps allow. The first dial that fails ends those that have not begun.
   *
   * @param url Of a request like those to come; only its origin matters.
   * @param count A whole number from 0 to 10 000.
   * @returns What came of it, once none of these dials is in progress.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for what is no `http:` or `https:`
   * URL, and for a count out of bounds; nothing is dialled then.
   */
  warm(url: string | URL, count: number): Promise<WarmResult> {
    return adapterOf(this).warm(url, count)
  }

  /**
   * Ends the dispatcher gracefully: serves the requests that there are, waiting ones included, and
   * closes each connection once nobody needs it. A new request fails with undici's
   * `ClientClosedError`, for good. After `timeoutMs` (10 s unless set) what is left is destroyed.
   *
   * @returns How it ended, once no connection is left.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`), InvalidOptionError
   * (`ERR_HOLDFAST_INVALID_OPTION`) for a wrong time-out; the dispatcher goes on then.
   */
  drain(options: DrainOptions = {}): Promise<DrainResult> {
    return adapterOf(this).drain(options)
  }

  /** Takes no new request any more, and ends once every one that there is has been served. */
  override close(): Promise<void>
  override close(callback: () => void): void
  override close(callback?: Callback | (() => void)): Promise<void> | void {
    const adapter = adapterOf(this)
    if (callback === undefined) return adapter.close()
    adapter.checkCallback(callback)
    call(adapter.close(), callback as Callback)
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
    const adapter = adapterOf(this)
    if (callback === undefined) return adapter.destroy(error ?? null)
    adapter.checkCallback(callback)
    call(adapter.destroy(error ?? null), callback as Callback)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
