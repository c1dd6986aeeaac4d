import http from 'node:http'
import type { DrivenAgent } from './driven-agent.ts'
import type { AgentRequest } from './node-internals.ts'
import type { RequestOptions } from './request-options.ts'
import { mergeOptions } from './socket-options.ts'
import { SocketTarget } from './socket-target.ts'

/**
 * The targets of requests: what the agent's `getName` says tells them apart. Plain HTTP names depend
 * on five options only, so the last target serves again as long as these stay the same.
 */
export class SocketTargets {
  readonly #agent: DrivenAgent
  readonly #knownOf: (key: string) => SocketTarget | undefined
  #host: unknown
  #port: unknown
  #localAddress: unknown
  #family: unknown
  #socketPath: unknown
  #last: SocketTarget | undefined

  /** @param knownOf The target of an origin that the pool has. */
  constructor(agent: DrivenAgent, knownOf: (key: string) => SocketTarget | undefined) {
    this.#agent = agent
    this.#knownOf = knownOf
  }

  targetOf(request: AgentRequest | undefined, options: RequestOptions): SocketTarget {
    const agent = this.#agent
    if (agent.getName !== http.Agent.prototype.getName) return this.#find(request, options)
    const own = agent.options
    const host = own.host ?? options.host
    const port = own.port ?? options.port
    const localAddress = own.localAddress ?? options.localAddress
    const family = own.family ?? options.family
    const socketPath = own.socketPath ?? options.socketPath
    if (
      this.#last !== undefined &&
      host === this.#host &&
      port === this.#port &&
      localAddress === this.#localAddress &&
      family === this.#family &&
      socketPath === this.#socketPath
    ) {
      return this.#last
    }
    this.#host = host
    this.#port = port
    this.#localAddress = localAddress
    this.#family = family
    this.#socketPath = socketPath
    this.#last = this.#find(request, options)
    return this.#last
  }

  #find(request: AgentRequest | undefined, options: RequestOptions): SocketTarget {
    const agent = this.#agent
    const merged = mergeOptions(request, options, agent.options)
    const name = agent.getName(merged as http.ClientRequestArgs)
    return this.#knownOf(name) ?? new SocketTarget(agent, name, name, merged)
  }
}
