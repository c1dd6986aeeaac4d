import { httpAgent, httpsAgent, keptFetch } from '../../../../examples/node-fetch-3.ts'
import { byteLength, clientThatAsks, fetchOptionsOf } from '../ask.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [httpAgent, httpsAgent],
  async (asked) => (await keptFetch(asked.url, fetchOptionsOf(asked))).text(),
  async (url) => {
    const { body } = await keptFetch(url)
    return byteLength(body)
  },
)
