import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { POOL_EVENT_TYPES, type PoolEvent } from '../../src/connection/events.ts'
import type { OriginTarget } from '../../src/connection/origin-target.ts'
import { resolvePolicy } from '../../src/policies/resolve-policy.ts'
import { Pool } from '../../src/pool.ts'
import { RecordingEffects } from '../recording-effects.ts'

const SECRET = 'a private key'

const targetOf = (name: string): OriginTarget => ({ key: `${name} with ${SECRET}`, name })

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
  for (const request of ['first', 'queued', 'one too many']) pool.lease(targetOf('a'), request, 0)
  pool.opened(connection(1), 1)
  pool.replayed(connection(1), 2)
  pool.leaseFresh(targetOf('a'), 'fresh', 2)
  pool.advance(100)
  pool.lease(targetOf('b'), 'failing', 101)
  pool.dialFailed(connection(2), new Error('refused'), 102)
  pool.lease(targetOf('a'), 'last', 103)
  pool.release(connection(1), 104)
  pool.closed(connection(1), 'evicted', 105)
  pool.opened(connection(3), 106)
  stats.push(pool.stats())
  pool.retire(connection(3), 'max_age', 107)
  pool.closed(connection(3), 'max_age', 108)
  pool.lease(targetOf('a'), 'kept for good', 109)
  for (const { stateName, id } of effects.connections.values()) {
    if (stateName === 'connecting') pool.opened(connection(id), 110)
  }
  for (const leased of effects.connections.values()) {
    if (leased.stateName === 'leased') pool.detach(leased, 111)
  }
  pool.drain(112)
  pool.lease(targetOf('a'), 'too late', 113)
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
  for (const { origin } of said.events) expect(origin).toMatch(/^[ab]$/u)
  expect(inspect(said, { depth: null, showHidden: true })).not.toContain(SECRET)
  expect(said.stats[0]).toHaveProperty('origins.a')
})
