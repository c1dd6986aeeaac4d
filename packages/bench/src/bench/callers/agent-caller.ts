import http from 'node:http'
import https from 'node:https'
import process from 'node:process'
import type { Caller, Exchange, RequestPlan } from './caller.ts'

/** Requests by `http.request` or `https.request` through an agent. */
export class AgentCaller implements Caller {
  readonly #agent: http.Agent
  readonly #requests: readonly (http.RequestOptions & { readonly agent: http.Agent })[]
  readonly #body: Buffer | undefined
  readonly #request: typeof http.request

  constructor(agent: http.Agent, { origins, path, method, body }: RequestPlan) {
    this.#agent = agent
    this.#body = body
    this.#request = origins[0]?.startsWith('https:') ? https.request : http.request
    this.#requests = origins.map((origin) => {
      const { hostname, port } = new URL(origin)
      return {
        agent,
        host: hostname,
        port,
        path,
        method,
        ...(body === undefined ? {} : { headers: { 'content-length': body.length } }),
      }
    })
  }

  call(origin: number, exchange: Exchange): http.ClientRequest {
    const options = this.#requests[origin]
    if (options === undefined) throw new RangeError(`no origin ${origin}`)
    const request = this.#request(options, (answer) => receive(answer, exchange))
    request.on('error', exchange.failed)
    request.end(this.#body)
    return request
  }

  async close(): Promise<void> {
    this.#agent.destroy()
    await Promise.resolve()
  }
}

function receive(answer: http.IncomingMessage, exchange: Exchange): void {
  exchange.started(answer.statusCode ?? 0, answer.headers['content-length'])
  if (exchange.data === undefined) answer.resume()
  else answer.on('data', exchange.data)
  // Node gives the socket back to the agent in the next tick, before this one. A request made
  // earlier would always find its predecessor's connection in use, which no service does.
  answer.on('end', () => process.nextTick(exchange.ended))
  answer.on('error', exchange.failed)
}
