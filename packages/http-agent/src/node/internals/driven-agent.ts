import type http from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Scheduling } from '@holdfast/core'
import type { RequestOptions } from '../options/request-options.ts'

/** Receives the socket that `createSocket` makes, or its error. */
export type SocketCallback = (error: Error | null, socket?: Socket) => void

/** Members that Node's constructor sets, and that its HTTP client reads or calls. */
interface AgentMembers {
  /**
   * `http:` or `https:`; `http.request` refuses a URL of another protocol.
   *
   * @why It tells whether a connection carries TLS.
   * @instead `agent.protocol`, documented.
   */
  readonly protocol: string
  /**
   * The port where a request names none.
   *
   * @why A connection ahead of requests goes to the port that they would go to.
   * @instead `agent.defaultPort`, documented.
   */
  readonly defaultPort: number
  /**
   * Whether idle sockets are kept. The HTTP client reads it to decide on the `Connection` header.
   *
   * @why It is on by default here; and an agent that Node makes for one request keeps nothing.
   * @instead `agent.keepAlive`, documented.
   */
  keepAlive: boolean
  /**
   * The delay of TCP keepalive, in milliseconds.
   *
   * @why What the caller has set counts more than `policy.tcpKeepAlive`.
   * @instead `agent.keepAliveMsecs`, documented.
   */
  readonly keepAliveMsecs: number
  /**
   * The options that the agent was made with, which override those of each request.
   *
   * @why Connections are made by them. The HTTP client reads `options.timeout`.
   * @instead `agent.options`, documented.
   */
  readonly options: RequestOptions
  /**
   * Which idle socket comes first.
   *
   * @why The pool takes it from the agent, where Node has checked it.
   * @instead `agent.scheduling`, documented.
   */
  readonly scheduling: Scheduling
  /**
   * Makes a socket for a request.
   *
   * @why Libraries override it to make sockets of their own.
   * @instead `agent.createSocket()`, documented.
   */
  readonly createSocket: (
    request: http.ClientRequest,
    options: RequestOptions,
    callback: SocketCallback,
  ) => void
  /**
   * Takes a request, within the constructor of the request.
   *
   * @why It is the only call by which a request asks an agent for a socket.
   * @instead `agent.addRequest()`, documented.
   */
  readonly addRequest: (request: http.ClientRequest, options: RequestOptions) => void
  /**
   * Lets the pool forget a socket.
   *
   * @why Libraries call it to keep a socket for themselves.
   * @instead `agent.removeSocket()`, documented.
   */
  readonly removeSocket: (socket: Duplex) => void
  /**
   * Connections from the start of their dial until their descriptor is gone.
   *
   * @why Libraries read it.
   * @instead `agent.totalSocketCount`, documented.
   */
  readonly totalSocketCount: number
}

/** The agent that is driven. Its methods are called on it, so that a subclass may override them. */
export interface DrivenAgent extends http.Agent, AgentMembers {
  readonly keepSocketAlive: (socket: Duplex) => boolean
}
