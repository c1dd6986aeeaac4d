import assert from 'node:assert/strict'
import { httpAgent, httpsAgent, request } from '../../../../examples/msw.ts'
import type { Check } from '../check.ts'
import type { Client } from '../client.ts'
import { clientOfNode } from '../node-request.ts'

export const client: Client = clientOfNode([httpAgent, httpsAgent], request)

export const more: Readonly<Record<string, Check>> = {
  'what is mocked': async () => {
    assert.equal(await client.get('http://mocked.example', {}), 'mocked')
  },
}
