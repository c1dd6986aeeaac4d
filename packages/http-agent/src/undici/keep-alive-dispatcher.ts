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

/** The type of `dispatcher` in Node's fetch, whose types come from an undici of their own. */
type FetchDispatcher = RequestInit extends { dispatcher?: infer Kind } ? NonNullable<Kind> : unknown

const PEER: PeerModule = loadUndici()
const PeerDispatcher: new () => Dispatcher & FetchDispatcher = PEER.Dispatcher as never

type Callback = (error: Error | null, data: null) => void

/**
 * The key of an ordinary property, which is found through a Proxy, through `Object.create` and in a
 * copy, all of which share the connections. It holds a function, because deep copies of options
 * (lodash's `cloneDeep`) keep functions as they are.
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
 * An undici `Dispatcher` that never uses a connection that is known to be dead. It serves Node's
 * and undici's `fetch`, `undici.request` and undici's other methods, and undici's interceptors.
 *
 * It takes undici's options with undici's meaning and defaults. The option `policy` says when
 * connections are kept, checked and replaced, as for the agents.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an option that is wrong, unknown,
 * or of no use here.
 */
export class KeepAliveDispatcher extends PeerDispatcher {
  constructor(options: KeepAliveDispatcherOptions = {}) {
    super()
    const adapter = new DispatcherAdapter(this, options, PEER)
    Object.assign(this, { [ADAPTER]: (): DispatcherAdapter => adapter })
  }

  /** Whether it refuses new requests, after `close`, `drain` or `destroy`. */
  get closed(): boolean {
    return adapterOf(this).isClosed
  }

  /** Whether it was destroyed, so that no request goes on. */
  get destroyed(): boolean {
    return adapterOf(this).isDestroyed
  }

  /** Limits that undici's `WebSocket` reads. */
  get webSocketOptions(): Required<NonNullable<KeepAliveDispatcherOptions['webSocket']>> {
    const { webSocket } = adapterOf(this).options
    const { maxFragments = 131_072, maxPayloadSize = 134_217_728 } = webSocket ?? {}
    return { maxFragments, maxPayloadSize }
  }

  /** Limits that undici's `EventSource` reads. */
  get eventSourceOptions(): { readonly maxEventSize?: number } {
    return { ...adapterOf(this).options.eventSource }
  }

  /**
   * Sends a request, or lets it wait for a connection.
   *
   * @param handler A handler with a controller, as in undici 7 and 8, or of the older kind, which
   * Node's own fetch uses before Node 26.
   * @returns `false` where it has to wait because there may be no more connections; a `drain` event
   * follows once no request has to.
   */
  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean
  /** As above, with the types of another undici. */
  override dispatch(
    options: { readonly path: string; readonly method: string },
    handler: object,
  ): boolean
  override dispatch(options: Dispatcher.DispatchOptions, handler: object): boolean {
    return adapterOf(this).dispatch(options, handler)
  }

  /**
   * Returns the dispatcher under interceptors, which shares its connections, `stats()` and
   * everything else with it. They may be of undici 7 or 8, and serve handlers of either kind,
   * whichever of the two it stands on.
   *
   * @param interceptors From the innermost to the outermost one.
   */
  override compose(interceptors: Dispatcher.DispatcherComposeInterceptor[]): this
  override compose(...interceptors: Dispatcher.DispatcherComposeInterceptor[]): this
  /** As above, with the types of another undici. */
  override compose(...interceptors: readonly unknown[]): this
  override compose(...interceptors: readonly unknown[]): this {
    const [first] = interceptors
    const list: readonly unknown[] = Array.isArray(first) ? first : interceptors
    return super.compose(list.map(interceptorForBothKinds) as []) as never
  }

  /** Returns counters and gauges, in total and by origin. O(origins). */
  stats(): DriverStats {
    return adapterOf(this).pool.stats()
  }

  /** Returns one row for each connection, by origin, the oldest first. O(connections). */
  inspect(): ConnectionRow[] {
    return adapterOf(this).pool.inspect()
  }

  /**
   * Opens connections ahead of requests, TLS handshake included, until `count` are idle or being
   * dialled, as far as the caps allow. The first dial that fails ends those that have not begun.
   *
   * @param url The URL of any later request; only its origin matters.
   * @param count A whole number from 0 to 10 000.
   * @returns The result, once none of these dials is in progress.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for anything but an `http:` or
   * `https:` URL, and for a count out of bounds; nothing is dialled then.
   */
  warm(url: string | URL, count: number): Promise<WarmResult> {
    return adapterOf(this).warm(url, count)
  }

  /**
   * Ends the dispatcher gracefully: serves all present requests, waiting ones included, and closes
   * each connection once no request needs it. A new request fails with undici's
   * `ClientClosedError`, for good. After `timeoutMs` (default: 10 s) the others are destroyed.
   *
   * @returns The result, once no connection is left.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`), InvalidOptionError
   * (`ERR_HOLDFAST_INVALID_OPTION`) for a wrong time-out; the dispatcher goes on then.
   */
  drain(options: DrainOptions = {}): Promise<DrainResult> {
    return adapterOf(this).drain(options)
  }

  /** Refuses new requests, and ends once every present one is served. */
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

  /** Closes the dispatcher at the end of `await using`, as {@link close} does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
