import type { ConnectionOrigin } from '@holdfast/core'
import { type ServerAddress, UNKNOWN_SERVER } from '../driver/server-address.ts'
import type { PooledSocket } from './pooled-socket.ts'
import type { RequestLease, RequestOptions } from './request-lease.ts'

type SocketOrigin = ConnectionOrigin<PooledSocket, RequestLease>

/** What the options of one request have to do with that request only, and not with its connection. */
const OF_REQUEST = ['agent', 'auth', 'headers', 'method', 'signal'] as const

/**
 * The options with which connections of an origin are made: those of the last request that one was
 * dialled for. An origin is remembered as long as the pool has a connection or a waiter of it.
 */
export class OriginTargets {
  readonly #targets: WeakMap<SocketOrigin, RequestOptions> = new WeakMap()
  /** Options for an origin that the pool may not have yet. */
  #offered: RequestOptions | undefined

  /** Runs what may dial, with these options where there are none of a request. */
  offer(options: RequestOptions, dial: () => void): void {
    this.#offered = options
    try {
      dial()
    } finally {
      this.#offered = undefined
    }
  }

  remember(origin: SocketOrigin, options: RequestOptions): void {
    this.#targets.set(origin, options)
  }

  /** What a dial takes that no request asks for. */
  optionsOf(origin: SocketOrigin): RequestOptions {
    const known = this.#targets.get(origin)
    if (known === undefined && this.#offered !== undefined) this.remember(origin, this.#offered)
    const options: Record<string, unknown> = Object.assign(
      Object.create(null),
      known ?? this.#offered,
    )
    for (const name of OF_REQUEST) delete options[name]
    return options
  }

  serverOf(origin: SocketOrigin | undefined): ServerAddress {
    const target = origin && this.#targetOf(origin)
    if (target === undefined) return UNKNOWN_SERVER
    const { socketPath, host, port } = target
    if (socketPath) return { serverAddress: socketPath, serverPort: undefined }
    return { serverAddress: host, serverPort: port === undefined ? undefined : Number(port) }
  }

  /** Before the first dial, what the request says that waits for it. */
  #targetOf(origin: SocketOrigin): RequestOptions | undefined {
    return this.#targets.get(origin) ?? origin.oldestWaiter?.request.options ?? this.#offered
  }
}
