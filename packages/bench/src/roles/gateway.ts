import http from 'node:http'
import { ErrorTally } from './error-tally.ts'
import { listen } from './listen.ts'
import { LOOPBACK } from './messages.ts'

/** A service that answers every request by asking its upstream through the agent under test. */
export class Gateway {
  /** Connections accepted since it listens. */
  connectionsAccepted = 0
  /** Failed requests to the upstream; the owner puts in a new tally when it wants one. */
  errors: ErrorTally = new ErrorTally()
  readonly #upstream: http.RequestOptions

  constructor(agent: http.Agent, upstreamPort: number) {
    this.#upstream = { agent, host: LOOPBACK, port: upstreamPort, path: '/' }
  }

  /** Returns the port it listens on. */
  async open(): Promise<number> {
    const server = http.createServer((_request, response) => this.#forward(response))
    server.on('connection', () => {
      this.connectionsAccepted += 1
    })
    return await listen(server)
  }

  #forward(response: http.ServerResponse): void {
    const request = http.request(this.#upstream, (answer) => {
      response.writeHead(answer.statusCode ?? 502, {
        'content-type': answer.headers['content-type'],
        'content-length': answer.headers['content-length'],
      })
      answer.pipe(response)
      answer.once('error', (error) => {
        this.errors.add(error)
        response.destroy()
      })
    })
    request.once('error', (error) => {
      this.errors.add(error)
      if (!response.headersSent) response.writeHead(502, { 'content-length': 0 }).end()
    })
    request.end()
  }
}
