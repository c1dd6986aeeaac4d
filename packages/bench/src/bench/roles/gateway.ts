import { once } from 'node:events'
import http from 'node:http'
import type { Caller, Exchange } from '../callers/caller.ts'
import { ErrorTally } from '../workloads/error-tally.ts'
import { listen } from './listen.ts'

/** Service that answers every request by asking its upstream through the client under test. */
export class Gateway {
  /** Connections accepted since it listens. */
  connectionsAccepted = 0
  /** Failed requests to the upstream; the owner replaces the tally to start anew. */
  errors: ErrorTally = new ErrorTally()
  /** Answers that failed after they had begun, which the load generator sees fail as well. */
  brokenAnswers = 0
  readonly #caller: Caller
  readonly #origins: number
  readonly #server: http.Server = http.createServer((_request, response) => this.#forward(response))
  #asked = 0

  /** @param origins number of origins that take turns */
  constructor(caller: Caller, origins: number) {
    this.#caller = caller
    this.#origins = origins
  }

  /** Starts to listen, and resolves with the port. */
  async open(): Promise<number> {
    this.#server.on('connection', () => {
      this.connectionsAccepted += 1
    })
    return await listen(this.#server)
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  #forward(response: http.ServerResponse): void {
    this.#asked += 1
    this.#caller.call(this.#asked % this.#origins, this.#forwardTo(response))
  }

  #forwardTo(response: http.ServerResponse): Exchange {
    return {
      started: (status, contentLength) =>
        response.writeHead(status, {
          'content-type': 'application/json',
          ...(contentLength === undefined ? {} : { 'content-length': contentLength }),
        }),
      data: (chunk) => response.write(chunk),
      ended: () => response.end(),
      failed: (error) => {
        this.errors.add(error)
        if (response.headersSent) {
          this.brokenAnswers += 1
          response.destroy()
        } else response.writeHead(502, { 'content-length': 0 }).end()
      },
    }
  }
}
