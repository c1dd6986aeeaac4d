import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { httpAgent, httpsAgent, client as superagent } from '../../../../examples/superagent.ts'
import { byteLength, clientThatAsks } from '../ask.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [httpAgent, httpsAgent],
  async ({ url, method, body, signal, timeoutMs }) => {
    const request = method === 'GET' ? superagent.get(url) : superagent.post(url)
    if (timeoutMs !== undefined) request.timeout(timeoutMs)
    signal?.addEventListener('abort', () => {
      request.abort()
    })
    if (body instanceof Readable) {
      const response = once(request, 'response')
      // Its types leave out that it is writable.
      body.pipe(request as unknown as NodeJS.WritableStream)
      const [{ text }] = await response
      return text
    }
    const { text } = await (body === undefined ? request : request.type('text').send(body))
    return text
  },
  (url) => {
    const stream = new PassThrough()
    superagent.get(url).pipe(stream)
    return byteLength(stream)
  },
)
