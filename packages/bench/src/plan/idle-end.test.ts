import { type PolicyOptions, resolvePolicy } from '@holdfast/core'
import { expect, it } from 'vitest'
import { idleEndOf } from './idle-end.ts'
import { serverModelOf } from './server-model-of.ts'

const NODE = serverModelOf([{ name: 'a', idleTimeoutMs: 5000, hint: 'always' }])
const MUTE = serverModelOf([{ name: 'a', idleTimeoutMs: 5000, hint: 'never' }])
const OPEN = serverModelOf([])

it.each<[string, PolicyOptions, typeof NODE, object]>([
  ['the hint less its margin', {}, NODE, { afterMs: 4000, by: 'client', why: 'server_hint' }],
  [
    'the policy where it is stricter',
    { idleTimeoutMs: 3000 },
    NODE,
    { afterMs: 3000, by: 'client', why: 'idle_timeout' },
  ],
  ['what was learned', {}, MUTE, { afterMs: 4000, by: 'client', why: 'learned_limit' }],
  [
    'the policy even if more than what would be learned',
    { idleTimeoutMs: 4500 },
    MUTE,
    { afterMs: 4500, by: 'client', why: 'idle_timeout' },
  ],
  [
    'the server where nothing is learned',
    { learnIdleLimit: false },
    MUTE,
    { afterMs: 5000, by: 'server', why: 'server' },
  ],
  [
    'nothing at once where the hint is within the margin',
    { serverHintMarginMs: 5000 },
    NODE,
    { afterMs: 1e-6, by: 'client', why: 'server_hint' },
  ],
  [
    'never waited for where one request is all',
    { maxRequestsPerConnection: 1 },
    MUTE,
    { afterMs: 1e-6, by: 'client', why: 'max_requests' },
  ],
  ['the policy alone', {}, OPEN, { afterMs: 55_000, by: 'client', why: 'idle_timeout' }],
])('is %s', (_, policy, server, expected) => {
  expect(idleEndOf(resolvePolicy(policy), server)).toEqual(expected)
})
