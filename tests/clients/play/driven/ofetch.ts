import { Readable } from 'node:stream'
import { dispatcher, client as ofetch } from '../../../../examples/ofetch.ts'
import { byteLength, clientThatAsks } from '../ask.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [dispatcher],
  async ({ url, method, body, signal, timeoutMs }) =>
    ofetch(url, {
      method,
      retry: 0,
      responseType: 'text',
      ...(body instanceof Readable
        ? { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' }
        : {}),
      ...(typeof body === 'string' ? { body } : {}),
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    }),
  async (url) =>
    byteLength(await ofetch<ReadableStream, 'stream'>(url, { responseType: 'stream' })),
)
