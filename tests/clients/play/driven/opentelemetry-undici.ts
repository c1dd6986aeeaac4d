import { dispatcher, keptFetch, spans } from '../../../../examples/opentelemetry-undici.ts'
import { byteLength, clientThatAsks, fetchOptionsOf } from '../ask.ts'
import type { Check } from '../check.ts'
import type { Client } from '../client.ts'
import { oneSpanARequest } from '../one-span-a-request.ts'

export const client: Client = clientThatAsks(
  [dispatcher],
  async (asked) => (await keptFetch(asked.url, fetchOptionsOf(asked))).text(),
  async (url) => {
    const { body } = await keptFetch(url)
    return byteLength(body)
  },
)

export const more: Readonly<Record<string, Check>> = {
  'one span a request': oneSpanARequest(spans, 2),
}
