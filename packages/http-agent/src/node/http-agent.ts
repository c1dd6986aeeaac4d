import http from 'node:http'
import type { AgentOptions } from './options/agent-options.ts'
import { type PooledAgent, pooled } from './pooled-agent.ts'

/** Options of {@link HttpAgent}: those of `http.Agent`, with Node's meaning, and `policy`. */
export interface HttpAgentOptions extends http.AgentOptions, AgentOptions {}

const PooledHttpAgent: new (options?: HttpAgentOptions) => PooledAgent = pooled(http.Agent)

/**
 * An `http.Agent` that never hands out a connection that is known to be dead.
 *
 * It takes Node's options with Node's meaning and defaults, but that `keepAlive` is on unless it is
 * switched off. When connections are kept, checked and replaced is said in `policy`.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for an option that is neither Node's nor
 * `policy`, for a wrong `policy`, and for a value that Node would misunderstand in silence; and what
 * Node throws for its own options.
 */
export class HttpAgent extends PooledHttpAgent {}
