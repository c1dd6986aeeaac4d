import https from 'node:https'
import type { Duplex } from 'node:stream'
import type { AgentOptions } from './options/agent-options.ts'
import { type PooledAgent, pooled } from './pooled-agent.ts'

/** Options of {@link HttpsAgent}: those of `https.Agent`, with Node's meaning, and `policy`. */
export interface HttpsAgentOptions extends https.AgentOptions, AgentOptions {}

/** The members of {@link PooledAgent}, and those that `https.Agent` has by itself. For the compiler only. */
declare class PooledTlsAgent extends PooledAgent {
  /** Dials, with a TLS handshake; to be overridden as Node's own. */
  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined

  /** The name of an origin in `sockets`, `freeSockets` and `requests`. */
  override getName(options?: https.RequestOptions): string
}

const PooledHttpsAgent: new (options?: HttpsAgentOptions) => PooledTlsAgent = pooled(https.Agent)

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
export class HttpsAgent extends PooledHttpsAgent {}
