import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'

/** What came of a request. */
export interface Exchange {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly isReused: boolean
  readonly socket: Socket
}

/** A request under way. */
export interface Pending {
  readonly request: ClientRequest
  /** Kept when the response is complete and the request has given its socket back. */
  readonly done: Promise<Exchange>
  /** Kept when the response begins. */
  readonly begun: Promise<IncomingMessage>
  /** Kept when the request is over, whatever came of it. */
  readonly closed: Promise<void>
}

type Options = https.RequestOptions & { readonly agent: http.Agent; readonly body?: string }

const exchangeOf = (request: ClientRequest, response: IncomingMessage): Promise<Exchange> => {
  let body = ''
  const { socket } = response
  response.setEncoding('utf8')
  response.on('data', (text) => {
    body += text
  })
  return new Promise((resolve, reject) => {
    response.on('error', reject)
    // What awaits this goes on after the socket is given back, which is in the same tick.
    request.on('close', () => {
      const { statusCode: status, headers } = response
      if (response.complete) {
        resolve({ status, headers, body, isReused: request.reusedSocket, socket })
      }
    })
  })
}

/** Sends a request to the loopback; `open` leaves it to the caller to end it. */
export const open = (options: Options): Pending => {
  const { request: send } = options.agent instanceof https.Agent ? https : http
  const request = send({ host: '127.0.0.1', ...options })
  const begun = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
  })
  const done = begun.then((response) => exchangeOf(request, response))
  const closed = new Promise<void>((resolve) => {
    request.on('close', resolve)
  })
  // A test need not wait for what it is not about.
  begun.catch(() => undefined)
  done.catch(() => undefined)
  return { request, begun, done, closed }
}

export const start = (options: Options): Pending => {
  const pending = open(options)
  pending.request.end(options.body)
  return pending
}

export const exchange = (options: Options): Promise<Exchange> => start(options).done
