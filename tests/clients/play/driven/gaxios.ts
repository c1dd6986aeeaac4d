import { client as gaxios, httpAgent, httpsAgent } from '../../../../examples/gaxios.ts'
import { byteLength, clientThatAsks } from '../ask.ts'
import { callsAgain } from '../calls-again.ts'
import type { Check } from '../check.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [httpAgent, httpsAgent],
  async ({ url, method, body, signal, timeoutMs }) => {
    const { data } = await gaxios.request<string>({
      url,
      method,
      responseType: 'text',
      ...(body === undefined ? {} : { data: body }),
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    })
    return data
  },
  async (url) => {
    const { data } = await gaxios.request<ReadableStream>({ url, responseType: 'stream' })
    return byteLength(data)
  },
)

export const more: Readonly<Record<string, Check>> = {
  'call again': callsAgain((url, method) => gaxios.request({ url, method, data: 'text' })),
}
