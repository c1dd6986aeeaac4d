import { expect, it } from 'vitest'
import { timeWaitSides } from './time-wait-sides.ts'

const ENDING = { method: 'fin', atMs: 100, halfTripMs: 5 } as const
const NEVER = Number.POSITIVE_INFINITY

it.each([
  ['the client alone', NEVER, true, false],
  ['the client before the server has heard of it', 105.1, true, false],
  ['both at once', 105, true, true],
  ['both at once, the server a little earlier', 95.1, true, true],
  ['the server, and the client has heard of it', 95, false, true],
])('stays with whoever closes first: %s', (_, serverAtMs, client, upstream) => {
  expect(timeWaitSides({ ...ENDING, serverAtMs })).toEqual({ client, upstream })
})

it('stays with nobody after a reset', () => {
  const none = { client: false, upstream: false }
  expect(timeWaitSides({ ...ENDING, serverAtMs: 90, method: 'reset' })).toEqual(none)
})
