import { getGlobalDispatcher } from 'undici7'
import { keptRequest } from '../../../../examples/undici-7-beside-8.ts'
import { byteLength, clientThatAsks, signalOf } from '../ask.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [getGlobalDispatcher()],
  async ({ url, method, body, ...limits }) => {
    const response = await keptRequest(url, {
      method,
      ...(body === undefined ? {} : { body }),
      ...signalOf(limits),
    })
    return response.body.text()
  },
  async (url) => {
    const { body } = await keptRequest(url, { method: 'GET' })
    return byteLength(body)
  },
)
