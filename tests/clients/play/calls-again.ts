import assert from 'node:assert/strict'
import { callAgain } from '../../../examples/call-again.ts'
import type { Check } from './check.ts'

/** A PUT that has arrived and is lost is made again, a POST is not. */
export const callsAgain =
  (send: (url: string, method: 'PUT' | 'POST') => Promise<unknown>): Check =>
  async ({ client, open }) => {
    const idempotent = open('drops the second')
    await client.get(idempotent.origin, {})
    await callAgain(() => send(`${idempotent.origin}/`, 'PUT'))
    assert.equal(idempotent.requests(), 3)
    const other = open('drops the second')
    await client.get(other.origin, {})
    await assert.rejects(callAgain(() => send(`${other.origin}/`, 'POST')))
    assert.equal(other.requests(), 2)
  }
