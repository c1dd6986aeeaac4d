import needle from 'needle'
import { httpAgent, httpsAgent, keptOptions } from '../../../../examples/needle.ts'
import { byteLength, clientThatAsks } from '../ask.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [httpAgent, httpsAgent],
  async ({ url, method, body, signal, timeoutMs }) => {
    const options = {
      ...keptOptions(url),
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { response_timeout: timeoutMs }),
    }
    const response = await (method === 'GET'
      ? needle('get', url, options)
      : needle('post', url, body ?? null, options))
    return String(response.body)
  },
  (url) => byteLength(needle.get(url, keptOptions(url))),
)
