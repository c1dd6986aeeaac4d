import type http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import type { DrainOptions, DrainResult } from '../driver/drain.ts'
import type { ConnectionRow } from '../driver/observe/connection-row.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'
import type { WarmResult } from '../driver/warm-ups.ts'
import { adapterOf, attachAdapter } from './adapter-of.ts'
import type { SocketCallback } from './internals/driven-agent.ts'
import { type AgentOptions, nodeOptionsOf } from './options/agent-options.ts'
import type { RequestOptions } from './options/request-options.ts'

/** Options of {@link HttpsAgent}: those of `https.Agent`, with Node's meaning, and `policy`. */
export interface HttpsAgentOptions extends https.AgentOptions, AgentOptions {}

/**
 * An `https.Agent` that never hands out a connection that is known to be dead.
 *
 * It takes Node's options with Node's meaning and defaults, but that `keepAlive` is on unless it is
 * switched off. When connections are kept, checked and replaced is said in `policy`.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an option that is neither Node's nor
 * `policy`, for a wrong `policy`, and for a value that Node would misunderstand in silence; and what
 * Node throws for its own options.
 */
export class HttpsAgent extends https.Agent {
  declare protocol: string
  declare defaultPort: number
  declare keepAlive: boolean
  declare readonly keepAliveMsecs: number
  declare readonly options: RequestOptions
  declare readonly scheduling: 'fifo' | 'lifo'
  /** Connections from the start of their dial until their descriptor is gone. */
  declare readonly totalSocketCount: number

  constructor(options?: HttpsAgentOptions) {
    super(nodeOptionsOf(options))
    attachAdapter(this, options?.policy)
  }

  /** Counters and gauges, in total and by origin. O(origins). */
  stats(): DriverStats {
    return adapterOf(this).stats()
  }

  /** What each connection is doing at this instant, one row a connection. O(connections). */
  inspect(): ConnectionRow[] {
    return adapterOf(this).inspect()
  }

  /**
   * Opens connections before they are needed, TLS handshake included, for requests to the server
   * of that URL that set no option of their own which concerns connections.
   *
   * @param count How many connections are to be idle or on their way; a whole number from 0 to 10 000.
   * There are fewer where the caps do not allow so many; no other connection makes way.
   * @returns What came of it, once they are idle or have failed. A dial that fails is no error.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`) for a wrong URL or count.
   */
  warm(url: string | URL, count: number): Promise<WarmResult> {
    return adapterOf(this).warm(url, count)
  }

  /**
   * Ends the agent gracefully: serves the requests that there are, waiting ones included, and closes
   * each connection once nobody needs it. A new request fails with `ERR_HOLDFAST_POOL_CLOSED`, for
   * good. After `timeoutMs` (10 s unless set) what is left is destroyed.
   *
   * @returns How it ended, once no connection is left.
   * @throws InvalidArgumentError (`ERR_HOLDFAST_INVALID_ARGUMENT`), InvalidOptionError
   * (`ERR_HOLDFAST_INVALID_OPTION`) for a wrong time-out; the agent goes on then.
   */
  drain(options?: DrainOptions): Promise<DrainResult> {
    return adapterOf(this).drain(options)
  }

  /** {@link drain} with its defaults, at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await adapterOf(this).drain()
  }

  /** Called by `https.request`; the last two parameters belong to a form that Node still takes. */
  addRequest(
    request: http.ClientRequest,
    options: RequestOptions | string,
    port?: number,
    localAddress?: string,
  ): void {
    adapterOf(this).addRequest(request, options, port, localAddress)
  }

  /** Makes a socket by `createConnection`; to be overridden as Node's own. */
  createSocket(
    request: http.ClientRequest,
    options: RequestOptions,
    callback: SocketCallback,
  ): void {
    adapterOf(this).createSocket(request, options, callback)
  }

  /** Called before a socket becomes idle; where it returns `false`, the socket is closed instead. */
  override keepSocketAlive(socket: Duplex): boolean {
    return adapterOf(this).keepSocketAlive(socket)
  }

  /** Called before an idle socket serves a request again. */
  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    adapterOf(this).reuseSocket(socket, request)
  }

  /** Lets the pool forget a socket, which stays open. */
  removeSocket(socket: Duplex): void {
    adapterOf(this).removeSocket(socket)
  }

  /** Destroys every socket, those in use included. The agent may be used again afterwards. */
  override destroy(): void {
    adapterOf(this).destroy()
  }
}
