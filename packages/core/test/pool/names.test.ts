import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { POOL_EVENT_TYPES, type PoolEvent } from '../../src/connection/events.ts'
import type { OriginTarget } from '../../src/connection/origin-target.ts'
import { resolvePolicy } from '../../src/policies/resolve-policy.ts'
import { Pool } from '../../src/pool.ts'
import { unsentFailure } from '../../src/request/request-failure.ts'
import { answerOf } from '../booked-connection.ts'
import { RecordingEffects } from '../recording-effects.ts'
import { TestRequest } from '../test-request.ts'

const SECRET = 'a private key'

/** A request for an origin whose key is not to be seen. */
class SecretRequest extends TestRequest {
  override readonly target: OriginTarget

  constructor(name: string, origin: string) {
    super(name, origin)
    this.target = { key: `${origin} with ${SECRET}`, name: origin }
  }
}

/** What a pool says in a life in which each of its events and errors occurs. */
const everythingSaid = (): { events: PoolEvent[]; errors: Error[]; stats: unknown[] } => {
  const events: PoolEvent[] = []
  const stats: unknown[] = []
  const effects = new RecordingEffects()
  effects.reactions = { mayLinger: () => true }
  const pool = new Pool({
    policy: resolvePolicy({ maxQueuedRequests: 1, acquireTimeoutMs: 100, staleCheck: 'none' }),
    caps: { maxPerOrigin: 1, maxTotal: 9, maxIdlePerOrigin: 9 },
    scheduling: 'lifo',
    effects,
    random: () => 0,
    onEvent: (event) => events.push(event),
  })
  const connection = (id: number) => effects.connections.get(id) ?? expect.fail(`no dial ${id}`)
  const lease = (name: string, origin: string, nowMs: number): SecretRequest => {
    const request = new SecretRequest(name, origin)
    pool.lease(request, nowMs)
    return request
  }
  for (const name of ['first', 'queued', 'one too many']) lease(name, 'a', 0)
  pool.opened(connection(1), 1)
  const queued = connection(1).origin.oldestWaiter?.request ?? expect.fail('nobody waits')
  pool.release(connection(1), 2)
  pool.requests.pass(queued)
  pool.requests.complete(queued)
  pool.lose(connection(1), { isUnwritten: false, isRepeatable: true }, 'peer_reset', 3)
  pool.opened(connection(2), 4)
  pool.lose(connection(2), { isUnwritten: true, isRepeatable: true }, 'peer_reset', 5)
  lease('late', 'a', 5)
  pool.advance(105)
  pool.dialFailed(connection(3), new Error('given up'), 106)
  lease('failing', 'b', 107)
  pool.dialFailed(connection(4), new Error('refused'), 108)
  const last = lease('last', 'a', 109)
  pool.opened(connection(5), 110)
  stats.push(pool.stats())
  pool.retire(connection(5), 'max_age', 111)
  pool.closed(connection(5), 'max_age', 112)
  pool.tellFailure(last, unsentFailure(false), 112)
  lease('kept for good', 'a', 113)
  pool.opened(connection(6), 114)
  pool.detach(connection(6), 115)
  lease('last of its connection', 'b', 115)
  pool.opened(connection(7), 115)
  pool.retire(connection(7), 'max_age', 115)
  pool.release(connection(7), 115)
  lease('to an address', 'c', 115)
  const { addresses } = pool
  addresses?.dial(connection(8), answerOf(115, '192.0.2.1', '192.0.2.2'), () => true, 115)
  pool.dialFailed(connection(8), new Error('refused'), 115)
  lease('to another one', 'c', 116)
  addresses?.dial(connection(9), answerOf(116, '192.0.2.2'), () => true, 116)
  addresses?.learn(connection(9).origin.key, answerOf(117, '192.0.2.2'), 117)
  pool.drain(116)
  lease('too late', 'a', 117)
  stats.push(pool.stats())
  return { events, errors: [...effects.errors.values()], stats }
}

it('says the name of an origin wherever it says anything, and its key nowhere', () => {
  const said = everythingSaid()
  expect(new Set(said.events.map(({ type }) => type))).toEqual(new Set(POOL_EVENT_TYPES))
  expect(new Set(said.errors.map((error) => (error as { code?: string }).code))).toEqual(
    new Set([
      'ERR_HOLDFAST_QUEUE_FULL',
      'ERR_HOLDFAST_ACQUIRE_TIMEOUT',
      undefined,
      'ERR_HOLDFAST_POOL_CLOSED',
    ]),
  )
  for (const { origin } of said.events) expect(origin).toMatch(/^[abc]$/u)
  expect(inspect(said, { depth: null, showHidden: true })).not.toContain(SECRET)
  expect(said.stats[0]).toHaveProperty('origins.a')
})
