import { Readable } from 'node:stream'
import { dispatcher, client as ky } from '../../../../examples/ky.ts'
import { byteLength, clientThatAsks } from '../ask.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [dispatcher],
  ({ url, method, body, signal, timeoutMs }) => {
    const stream =
      body instanceof Readable ? { body: Readable.toWeb(body), duplex: 'half' } : { body }
    return ky(url, {
      method,
      retry: 0,
      ...(body === undefined ? {} : (stream as RequestInit)),
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    }).text()
  },
  async (url) => {
    const { body } = await ky(url)
    return byteLength(body)
  },
)
