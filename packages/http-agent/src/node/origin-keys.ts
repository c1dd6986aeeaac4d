import http from 'node:http'
import type { AgentRequest } from './node-internals.ts'
import type { RequestOptions } from './request-lease.ts'
import { mergeOptions } from './socket-options.ts'

/** The part of an agent that its keys depend on. */
interface Namer {
  readonly options: RequestOptions
  readonly getName: (options?: http.AgentOptions & RequestOptions) => string
}

/**
 * The origin of a request: what the agent's `getName` says. Plain HTTP names depend on five options
 * only, so the last name serves again as long as these stay the same.
 */
export class OriginKeys {
  readonly #namer: Namer
  #host: unknown
  #port: unknown
  #localAddress: unknown
  #family: unknown
  #socketPath: unknown
  #key: string | undefined

  constructor(namer: Namer) {
    this.#namer = namer
  }

  keyOf(request: AgentRequest | undefined, options: RequestOptions): string {
    const namer = this.#namer
    if (namer.getName !== http.Agent.prototype.getName) {
      return namer.getName(mergeOptions(request, options, namer.options))
    }
    const own = namer.options
    const host = own.host ?? options.host
    const port = own.port ?? options.port
    const localAddress = own.localAddress ?? options.localAddress
    const family = own.family ?? options.family
    const socketPath = own.socketPath ?? options.socketPath
    if (
      this.#key !== undefined &&
      host === this.#host &&
      port === this.#port &&
      localAddress === this.#localAddress &&
      family === this.#family &&
      socketPath === this.#socketPath
    ) {
      return this.#key
    }
    this.#host = host
    this.#port = port
    this.#localAddress = localAddress
    this.#family = family
    this.#socketPath = socketPath
    this.#key = namer.getName({ host, port, localAddress, family, socketPath } as RequestOptions)
    return this.#key
  }
}
