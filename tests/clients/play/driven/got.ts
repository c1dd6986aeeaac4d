import { client as got, httpAgent, httpsAgent } from '../../../../examples/got.ts'
import { byteLength, clientThatAsks } from '../ask.ts'
import type { Client } from '../client.ts'

const once = got.extend({ retry: { limit: 0 } })

export const client: Client = clientThatAsks(
  [httpAgent, httpsAgent],
  async ({ url, method, body, signal, timeoutMs }) => {
    const { body: answer } = await once(url, {
      method,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeout: { request: timeoutMs } }),
    })
    return answer
  },
  (url) => byteLength(once.stream(url)),
)
