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
  /** Connections from the start of their dial until their descriptor is gone. */
  readonly totalSocketCount: number

  /** Counters and gauges, in total and by origin. O(origins). */
  stats(): DriverStats

  /** What each connection is doing at this instant, one row a connection. O(connections). */
  inspect(): ConnectionRow[]

  /**
   * Opens connections before they are needed, with their TLS handshake done, for requests to the server
   * of that URL that set no option of their own which concerns connections.
   *
   * @param count How many connections are to be idle or on their way; a whole number from 0 to 10 000.
   * There are fewer where the caps do not allow so many; no other connection makes way.
   * @returns What came of it, once they are idle or have failed. A dial that fails is no error.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for a wrong URL or count.
   */
  warm(url: string | URL, count: number): Promise<WarmResult>

  /**
   * Ends the agent gracefully: serves the requests that there are, waiting ones included, and closes
   * each connection once nobody needs it. A new request fails with `ERR_HOLDFAST_POOL_CLOSED`, for
   * good. After `timeoutMs` (10 s unless set) what is left is destroyed.
   *
   * @returns How it ended, once no connection is left.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`), InvalidOptionError
   * (`ERR_HOLDFAST_INVALID_OPTION`) for a wrong time-out; the agent goes on then.
   */
  drain(options?: DrainOptions): Promise<DrainResult>

  /** {@link drain} with its defaults, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>

  /**
   * Takes a request; called by `http.request` and `https.request`. The last two parameters belong to a
   * form that Node still takes.
   */
  addRequest(
    request: http.ClientRequest,
    options: RequestOptions | string,
    port?: number,
    localAddress?: string,
  ): void

  /** Makes a socket by `createConnection`; to be overridden as Node's own. */
  createSocket(request: http.ClientRequest, options: RequestOptions, callback: SocketCallback): void

  /** Called before a socket becomes idle; where it returns `false`, the socket is closed instead. */
  override keepSocketAlive(socket: Duplex): boolean

  /** Called before an idle socket serves a request again. */
  override reuseSocket(socket: Duplex, request: http.ClientRequest): void

  /** Lets the pool forget a socket, which stays open. */
  removeSocket(socket: Duplex): void

  /** Destroys every socket, those in use included. The agent may be used again afterwards. */
  override destroy(): void
}

/**
 * Puts a pool of ours into one of Node's classes of agents, with all that stands on it. The result is an
 * `instanceof` that class.
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
