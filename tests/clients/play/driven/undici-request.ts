import { interceptors } from 'undici'
import { dispatcher, keptRequest } from '../../../../examples/undici-request.ts'
import { byteLength, clientThatAsks, signalOf } from '../ask.ts'
import type { Client } from '../client.ts'

const following = dispatcher.compose(interceptors.redirect({ maxRedirections: 1 }))

export const client: Client = clientThatAsks(
  [dispatcher],
  async ({ url, method, body, ...limits }) => {
    const response = await keptRequest(url, {
      method,
      ...(method === 'GET' ? { dispatcher: following } : {}),
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
