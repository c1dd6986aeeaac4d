import http from 'node:http'
import https from 'node:https'
import type { OriginTarget } from '@holdfast/core'
import type { ServerAddress } from '../../driver/observe/server-address.ts'
import { type OriginPlace, originName } from '../../driver/origin-name.ts'
import type { DrivenAgent } from '../internals/driven-agent.ts'
import { isIdentityCheckedByRequest } from '../internals/identity-check.ts'
import type { RequestOptions } from '../options/request-options.ts'

/** Options that concern one request only, and not its connection. */
const OF_REQUEST = ['agent', 'auth', 'headers', 'method', 'signal'] as const

/** Whether Node's agents would give the name to a request that sets nothing but where it goes. */
const isNameOf = (nodeName: string, place: OriginPlace): boolean =>
  nodeName === http.Agent.prototype.getName.call(undefined, place as http.RequestOptions) ||
  nodeName === https.Agent.prototype.getName.call(undefined, place as https.RequestOptions)

/** The origin of an agent's connections, and how more of them are dialled. */
export class SocketTarget implements OriginTarget {
  readonly key: string
  /** The origin's name by the agent's `getName`, which Node's users know. */
  readonly nodeName: string
  /** Whether a connection serves that request only which it was made for. */
  readonly isOfOneRequest: boolean
  readonly #agent: DrivenAgent
  /** Those of the request that the origin came to be with, merged with the agent's. */
  readonly #options: RequestOptions
  #name: string | undefined

  constructor(agent: DrivenAgent, key: string, nodeName: string, options: RequestOptions) {
    this.#agent = agent
    this.key = key
    this.nodeName = nodeName
    this.#options = options
    this.isOfOneRequest = isIdentityCheckedByRequest(options)
  }

  /** Made when it is first asked for: most origins are never spoken of. */
  get name(): string {
    this.#name ??= this.#makeName()
    return this.#name
  }

  get server(): ServerAddress {
    const { socketPath, host, port } = this.#options
    if (socketPath) return { serverAddress: socketPath, serverPort: undefined }
    return { serverAddress: host, serverPort: port === undefined ? undefined : Number(port) }
  }

  /** The options of a dial that no request asks for. */
  get optionsAhead(): RequestOptions {
    const options: Record<string, unknown> = Object.assign(Object.create(null), this.#options)
    for (const name of OF_REQUEST) delete options[name]
    return options
  }

  #makeName(): string {
    const { host = 'localhost', port, socketPath } = this.#options
    const { protocol, defaultPort } = this.#agent
    const place = { protocol, host, port: port ?? defaultPort, socketPath }
    // A socket's path says nothing of host and port, which requests leave out as a rule.
    const shown = socketPath ? { ...place, host: 'localhost', port: defaultPort } : place
    const isShown = this.key === this.nodeName && isNameOf(this.nodeName, shown)
    return originName(place, isShown ? undefined : this.key)
  }
}
