import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { httpAgent, httpsAgent, request } from '../../../../examples/http-request.ts'
import { type Asked, byteLength, clientThatAsks } from '../ask.ts'
import type { Client } from '../client.ts'

const respond = async ({
  url,
  body,
  method,
  signal,
  timeoutMs,
}: Asked): Promise<IncomingMessage> => {
  const outgoing = request(url, { method, ...(signal === undefined ? {} : { signal }) })
  if (timeoutMs !== undefined) {
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error('it took too long')))
  }
  if (body instanceof Readable) body.pipe(outgoing)
  else outgoing.end(body)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return response
}

export const client: Client = clientThatAsks(
  [httpAgent, httpsAgent],
  async (asked) => text(await respond(asked)),
  async (url) => byteLength(await respond({ url, method: 'GET' })),
)
