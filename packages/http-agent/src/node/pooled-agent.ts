import http from 'node:http'
import type { Duplex } from 'node:stream'
import type { DrainOptions, DrainResult } from '../driver/drain.ts'
import type { ConnectionRow } from '../driver/observe/connection-row.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'
import type { WarmResult } from '../driver/warm-ups.ts'
import { adapterOf, attachAdapter } from './adapter-of.ts'
import type { SocketCallback } from './internals/driven-agent.ts'
import { type AgentOptions, nodeOptionsOf } from './options/agent-options.ts'
import type { RequestOptions } from './options/request-options.ts'

/**
 * The members of {@link HttpAgent} and {@link HttpsAgent}. It is a class for the compiler only, so that
 * a subclass overrides its methods by methods; see {@link pooled}.
 */
export declare class PooledAgent extends http.Agent {
  /** The protocol of requests that name none: `'http:'` or `'https:'`. As in Node. */
  protocol: string
  /** The port of requests that name none: 80 or 443. As in Node. */
  defaultPort: number
  /** Whether connections are kept for later requests. Default: `true`, unlike Node's `false`. */
  keepAlive: boolean
  /** Node's option `keepAliveMsecs`, in milliseconds. Default: 1000, as in Node. */
  readonly keepAliveMsecs: number
  /** Node's options of the agent, which requests start from. */
  readonly options: RequestOptions
  /**
   * The idle connection that is used next: `'lifo'` for the one used last, `'fifo'` for the one
   * idle longest. Default: `'lifo'`.
   */
  readonly scheduling: 'fifo' | 'lifo'
  /** Number of connections, from the start of their dial until their descriptor is gone. */
  readonly totalSocketCount: number

  /** Returns counters and gauges, in total and by origin. O(origins). */
  stats(): DriverStats

  /** Returns one row for each connection, as it is at this instant. O(connections). */
  inspect(): ConnectionRow[]

  /**
   * Opens connections ahead of requests, TLS handshake included, for requests to the server of that
   * URL that set no connection options of their own.
   *
   * @param count Number of connections that are to be idle or being dialled; a whole number from 0
   * to 10 000. The caps may allow fewer; no other connection is closed for them.
   * @returns The result, once they are idle or have failed. A dial that fails is no error.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for a wrong URL or count.
   */
  warm(url: string | URL, count: number): Promise<WarmResult>

  /**
   * Ends the agent gracefully: serves all present requests, waiting ones included, and closes each
   * connection once no request needs it. A new request fails with `ERR_HOLDFAST_POOL_CLOSED`, for
   * good. After `timeoutMs` (default: 10 s) the others are destroyed.
   *
   * @returns The result, once no connection is left.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`), InvalidOptionError
   * (`ERR_HOLDFAST_INVALID_OPTION`) for a wrong time-out; the agent goes on then.
   */
  drain(options?: DrainOptions): Promise<DrainResult>

  /** Drains the agent at the end of `await using`, as {@link drain} does with its defaults. */
  [Symbol.asyncDispose](): Promise<void>

  /**
   * Takes a request; called by `http.request` and `https.request`. The last two parameters belong
   * to an older form that Node still accepts.
   */
  addRequest(
    request: http.ClientRequest,
    options: RequestOptions | string,
    port?: number,
    localAddress?: string,
  ): void

  /** Makes a socket by `createConnection`. It may be overridden, as Node's own. */
  createSocket(request: http.ClientRequest, options: RequestOptions, callback: SocketCallback): void

  /**
   * Decides before a socket becomes idle; on `false` the socket is closed instead. It may be
   * overridden.
   */
  override keepSocketAlive(socket: Duplex): boolean

  /** Prepares an idle socket before it serves a request again. It may be overridden. */
  override reuseSocket(socket: Duplex, request: http.ClientRequest): void

  /** Removes a socket from the pool. It stays open. */
  removeSocket(socket: Duplex): void

  /** Destroys every socket, those in use included. The agent may be used again afterwards. */
  override destroy(): void
}

/**
 * Makes an agent class with a pool of Holdfast from one of Node's. The result is an `instanceof`
 * that class.
 */
export const pooled = <OurAgent extends PooledAgent>(
  nodeAgent: new (options?: http.AgentOptions) => http.Agent,
): (new (
  options?: http.AgentOptions & AgentOptions,
) => OurAgent) => {
  const NodeAgent = nodeAgent as new (options?: http.AgentOptions) => PooledAgent
  class AgentWithPool extends NodeAgent {
    constructor(options?: http.AgentOptions & AgentOptions) {
      super(nodeOptionsOf(options))
      attachAdapter(this, options?.policy)
    }

    override stats(): DriverStats {
      return adapterOf(this).stats()
    }

    override inspect(): ConnectionRow[] {
      return adapterOf(this).inspect()
    }

    override warm(url: string | URL, count: number): Promise<WarmResult> {
      return adapterOf(this).warm(url, count)
    }

    override drain(options?: DrainOptions): Promise<DrainResult> {
      return adapterOf(this).drain(options)
    }

    override async [Symbol.asyncDispose](): Promise<void> {
      await adapterOf(this).drain()
    }

    override addRequest(
      request: http.ClientRequest,
      options: RequestOptions | string,
      port?: number,
      localAddress?: string,
    ): void {
      adapterOf(this).addRequest(request, options, port, localAddress)
    }

    override createSocket(
      request: http.ClientRequest,
      options: RequestOptions,
      callback: SocketCallback,
    ): void {
      adapterOf(this).createSocket(request, options, callback)
    }

    override keepSocketAlive(socket: Duplex): boolean {
      return adapterOf(this).keepSocketAlive(socket)
    }

    override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
      adapterOf(this).reuseSocket(socket, request)
    }

    override removeSocket(socket: Duplex): void {
      adapterOf(this).removeSocket(socket)
    }

    override destroy(): void {
      adapterOf(this).destroy()
    }
  }
  return AgentWithPool as never
}
