import type http from 'node:http'
import type { Duplex } from 'node:stream'
import type { Scheduling } from '@holdfast/core'
import type { AgentRequest, AgentSocket } from './internals/node-internals.ts'
import type { RequestOptions } from './options/request-options.ts'

/** How `createSocket` answers. */
export type SocketCallback = (error: Error | null, socket?: AgentSocket) => void

/** The agent that is driven. Its methods are called on it, so that a subclass may override them. */
export interface DrivenAgent extends http.Agent {
  readonly protocol: string
  readonly defaultPort: number
  keepAlive: boolean
  readonly keepAliveMsecs: number
  readonly options: RequestOptions
  readonly scheduling: Scheduling
  readonly createSocket: (
    request: AgentRequest,
    options: RequestOptions,
    callback: SocketCallback,
  ) => void
  readonly keepSocketAlive: (socket: Duplex) => boolean
}
