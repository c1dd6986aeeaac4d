import http from 'node:http'
import https from 'node:https'
import type { AgentRequest } from '../internals/agent-request.ts'
import type { DrivenAgent } from '../internals/driven-agent.ts'
import type { RequestOptions } from '../options/request-options.ts'
import { mergeOptions } from '../options/socket-options.ts'
import { identityBeyondName } from './connection-identity.ts'
import { LastPlainOptions } from './last-plain-options.ts'
import { LastTlsOptions } from './last-tls-options.ts'
import { SocketTarget } from './socket-target.ts'

/** Options of {@link SocketTargets}. */
export interface SocketTargetsOptions {
  readonly agent: DrivenAgent
  /** Whether a dial that was begun for one request may serve another one. */
  readonly isDialShared: boolean
  /** The target of an origin that the pool has. */
  readonly knownOf: (key: string) => SocketTarget | undefined
}

/**
 * The targets of requests: told apart by what the agent's `getName` says, and by what Node's name
 * lacks. While the options stay the same, the last target serves again.
 */
export class SocketTargets {
  readonly #agent: DrivenAgent
  readonly #isDialShared: boolean
  readonly #knownOf: (key: string) => SocketTarget | undefined
  readonly #lastPlain: LastPlainOptions
  readonly #lastTls: LastTlsOptions
  #last: SocketTarget | undefined
  #isNameEnough = true

  constructor({ agent, isDialShared, knownOf }: SocketTargetsOptions) {
    this.#agent = agent
    this.#isDialShared = isDialShared
    this.#knownOf = knownOf
    this.#lastPlain = new LastPlainOptions(isDialShared)
    this.#lastTls = new LastTlsOptions(isDialShared)
  }

  /** Whether no two targets had the same name of Node's so far. */
  get isNameEnough(): boolean {
    return this.#isNameEnough
  }

  targetOf(request: AgentRequest | undefined, given: RequestOptions): SocketTarget {
    const { getName } = this.#agent
    if (this.#isSecure) {
      return getName === https.Agent.prototype.getName
        ? this.#tlsTargetOf(request, given)
        : this.#find(request, given)
    }
    return getName === http.Agent.prototype.getName
      ? this.#plainTargetOf(request, given)
      : this.#find(request, given)
  }

  get #isSecure(): boolean {
    return this.#agent.protocol === 'https:'
  }

  #plainTargetOf(request: AgentRequest | undefined, given: RequestOptions): SocketTarget {
    const { options: own } = this.#agent
    if (this.#last === undefined || !this.#lastPlain.areSame(own, given)) {
      this.#last = this.#find(request, given)
      this.#lastPlain.remember(own, given)
    }
    return this.#last
  }

  #tlsTargetOf(request: AgentRequest | undefined, given: RequestOptions): SocketTarget {
    const { options: own } = this.#agent
    const hostHeader = request?.getHeader('host')
    if (this.#last === undefined || !this.#lastTls.areSame(own, given, hostHeader)) {
      this.#last = this.#find(request, given)
      this.#lastTls.remember(own, given, hostHeader)
    }
    return this.#last
  }

  #find(request: AgentRequest | undefined, given: RequestOptions): SocketTarget {
    const agent = this.#agent
    const merged = mergeOptions(request, given, agent.options)
    const name = agent.getName(merged as http.ClientRequestArgs)
    const key = name + identityBeyondName(merged, this.#isSecure, this.#isDialShared)
    if (key !== name) this.#isNameEnough = false
    return this.#knownOf(key) ?? new SocketTarget(agent, key, name, merged)
  }
}
