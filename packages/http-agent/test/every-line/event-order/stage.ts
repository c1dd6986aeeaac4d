import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import process from 'node:process'
import { leaveTurn, turnUntil } from '../turn.ts'
import { EventLog } from './event-log.ts'
import type { OrderServer } from './order-server.ts'

/** What a request of a scenario is made with, besides where it goes. */
export interface Asked extends https.RequestOptions {
  /** Does something in the same tick, besides ending the request; `undefined`: ends it. */
  readonly send?: (request: ClientRequest) => void
  /** Instead of reading the response. */
  readonly onResponse?: (response: IncomingMessage) => void
}

/** One agent, one server, and the log of what a client sees of its requests. */
export class Stage {
  readonly log: EventLog = new EventLog()
  readonly agent: http.Agent
  readonly server: OrderServer
  readonly #signal: AbortSignal

  /** @param signal Ends every wait. */
  constructor(agent: http.Agent, server: OrderServer, signal: AbortSignal) {
    this.agent = agent
    this.server = server
    this.#signal = signal
    this.#watchAgent()
  }

  /** Makes a request by that name; its events are written down from then on. */
  request(name: string, { send, onResponse, ...options }: Asked = {}): ClientRequest {
    const { agent, server, log } = this
    const { request: start } = agent instanceof https.Agent ? https : http
    const { port } = server
    const request = start({ host: '127.0.0.1', path: '/ok', port, agent, ...options })
    log.watchRequest(name, request)
    request.on('response', onResponse ?? ((response: IncomingMessage) => response.resume()))
    request.on('error', () => undefined)
    log.mark(`(${name} is made)`)
    process.nextTick(() => log.mark(`(next tick of ${name})`))
    if (send === undefined) request.end()
    else send(request)
    return request
  }

  /** Waits until those entries have been written. */
  async until(...entries: readonly string[]): Promise<void> {
    await this.#turnUntil(() => entries.every((entry) => this.log.has(entry)))
  }

  /** Waits until every request is over, and whatever follows from that has happened. */
  async settle(): Promise<void> {
    await this.#turnUntil(() => this.log.isSettled)
    await leaveTurn()
  }

  /** Makes a first request, and waits until its connection has been idle for longer than a moment. */
  async warmUp(): Promise<void> {
    this.request('first')
    await this.settle()
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
    this.log.mark('(the connection is idle)')
  }

  /** The test is over where the condition is never met; nothing goes on then. */
  async #turnUntil(isMet: () => boolean): Promise<void> {
    const signal = this.#signal
    await turnUntil(() => isMet() || signal.aborted)
    if (signal.aborted) throw new Error(`nothing comes after ${this.log.entries.join(', ')}`)
  }

  #watchAgent(): void {
    const { agent, log } = this
    const { createConnection } = agent
    log.watchAgent(agent)
    agent.createConnection = (...values) => {
      const socket = createConnection.apply(agent, values)
      if (socket) log.watchSocket(socket as Socket)
      return socket
    }
  }
}
