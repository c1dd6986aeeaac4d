import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Target } from '../target.ts'
import type { Answer, Asked, NoAnswer } from './observation.ts'

/**
 * Sends one request over the stream and reads the response to its end. Never rejects: a missing
 * response is a result, too. The caller sets the time limit.
 */
export function requestOnce(
  target: Target,
  asked: Asked,
  stream: Duplex,
): Promise<Answer | NoAnswer> {
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => resolve(noAnswer(error))
    const request = http.request({
      createConnection: () => stream,
      method: target.method,
      path: target.path,
      headers: { ...target.headers },
    })
    // Node adds a header of its own where none is set and none is forbidden.
    if (asked === undefined) request.removeHeader('Connection')
    else request.setHeader('Connection', asked)
    request.on('error', fail)
    // A switch of protocol that nobody asked for is no answer, and nobody reads it.
    request.on('upgrade', () => {
      resolve({ kind: 'upgraded', code: null })
      stream.destroy()
    })
    request.on('response', (response) => {
      response.on('end', () => resolve(answerOf(response)))
      response.on('error', fail)
      response.resume()
    })
    request.end()
  })
}

function answerOf({ statusCode, httpVersion, headers }: IncomingMessage): Answer {
  return {
    kind: 'answer',
    status: statusCode ?? 0,
    httpVersion,
    connection: headerText(headers, 'connection'),
    keepAlive: headerText(headers, 'keep-alive'),
    server: headerText(headers, 'server'),
    location: headerText(headers, 'location'),
  }
}

function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name]
  return value === undefined ? null : String(value)
}

/**
 * Describes a missing answer: the parser's complaints have codes, all else is the connection's end.
 */
function noAnswer({ code }: NodeJS.ErrnoException): NoAnswer {
  return { kind: code?.startsWith('HPE_') ? 'garbled' : 'fin', code: code ?? null }
}
