import { once } from 'node:events'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Asked, byteLength, clientThatAsks } from './ask.ts'
import type { Client } from './client.ts'

/** What begins a request as Node's own `http.request` does. */
export type BeginRequest = (url: string, options: RequestOptions) => ClientRequest

/** A client that makes requests of Node. */
export const clientOfNode = (pools: Client['pools'], begin: BeginRequest): Client => {
  const respond = async ({ url, body, method, signal, timeoutMs }: Asked) => {
    const outgoing = begin(url, { method, ...(signal === undefined ? {} : { signal }) })
    if (timeoutMs !== undefined) {
      outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error('it took too long')))
    }
    if (body instanceof Readable) body.pipe(outgoing)
    else outgoing.end(body)
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    return response
  }
  return clientThatAsks(
    pools,
    async (asked) => text(await respond(asked)),
    async (url) => byteLength(await respond({ url, method: 'GET' })),
  )
}
