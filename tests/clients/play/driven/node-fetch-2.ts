import { httpAgent, httpsAgent, keptFetch } from '../../../../examples/node-fetch-2.ts'
import { byteLength, clientThatAsks, fetchOptionsOf } from '../ask.ts'
import { callsAgain } from '../calls-again.ts'
import type { Check } from '../check.ts'
import type { Client } from '../client.ts'

export const client: Client = clientThatAsks(
  [httpAgent, httpsAgent],
  async (asked) => (await keptFetch(asked.url, fetchOptionsOf(asked))).text(),
  async (url) => {
    const { body } = await keptFetch(url)
    return byteLength(body)
  },
)

export const more: Readonly<Record<string, Check>> = {
  'call again': callsAgain((url, method) => keptFetch(url, { method, body: 'text' })),
}
