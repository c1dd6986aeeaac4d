import type { Readable } from 'node:stream'
import { client as axios, httpAgent, httpsAgent } from '../../../../examples/axios.ts'
import { byteLength, clientThatAsks } from '../ask.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [httpAgent, httpsAgent],
  async ({ body, timeoutMs, ...asked }) => {
    const { data } = await axios.request<string>({
      ...asked,
      ...(body === undefined ? {} : { data: body }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      responseType: 'text',
    })
    return String(data)
  },
  async (url) => {
    const { data } = await axios.get<Readable>(url, { responseType: 'stream' })
    return byteLength(data)
  },
)
