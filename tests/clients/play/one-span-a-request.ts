import assert from 'node:assert/strict'
import type { Check } from './check.ts'

/** What has collected spans. */
interface Spans {
  readonly reset: () => void
  readonly getFinishedSpans: () => readonly { readonly attributes: object }[]
}

/** Each request has one span; one that is sent twice has so many. */
export const oneSpanARequest =
  (spans: Spans, ofReplayed: number): Check =>
  async ({ client, open }) => {
    const server = open('drops the second')
    spans.reset()
    assert.equal(await client.get(server.origin, {}), 'ok')
    assert.equal(await client.get(server.origin, {}), 'ok')
    await client.post(server.origin, 'text')
    assert.equal(server.requests(), 4, 'the second one is sent twice')
    assert.equal(spans.getFinishedSpans().length, 2 + ofReplayed)
  }
