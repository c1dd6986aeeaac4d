import { describe, expect, it } from 'vitest'
import { POOL_EVENT_TYPES, type PoolEventType } from '../../src/connection/events.ts'
import { answerOf } from '../booked-connection.ts'
import { PoolHarness, WRITTEN } from '../pool-harness.ts'

const reactions = { mayLinger: () => true }

/** Makes every type of event happen at least once. */
const liveThrough = (harness: PoolHarness): void => {
  harness.makeLeased('kept for good')
  harness.detach(1)
  harness.makeLeased('served')
  harness.release(2)
  harness.lease('sent again')
  harness.send('sent again')
  harness.lose(2, WRITTEN)
  harness.open(3)
  harness.lose(3)
  harness.open(4)
  harness.retire(4, 'max_age')
  harness.caps.maxPerOrigin = 1
  harness.await('queued')
  harness.release(4)
  harness.closed(4, 'peer_fin')
  harness.fail(5)
  harness.tellFailure('sent again')
  liveThroughAddresses(harness)
}

const liveThroughAddresses = (harness: PoolHarness): void => {
  const { addresses } = harness.pool
  harness.await('to the first address', 'b')
  const id = harness.effects.connections.size
  const connection = harness.connection(id)
  addresses?.dial(connection, answerOf(0, '192.0.2.1', '192.0.2.2'), () => true, 0)
  addresses?.attemptFailed(connection, { address: '192.0.2.1', family: 4 }, 0)
  for (const atMs of [1, 2]) addresses?.learn('b', answerOf(atMs, '192.0.2.2'), atMs)
  harness.fail(id)
}

describe('the events', () => {
  it('are of every type that is told', () => {
    const harness = new PoolHarness({ reactions })
    liveThrough(harness)
    expect(new Set(harness.events.map(({ type }) => type))).toEqual(new Set(POOL_EVENT_TYPES))
  })

  it('of a connection come with that connection', () => {
    const harness = new PoolHarness({ reactions })
    liveThrough(harness)
    for (const [index, event] of harness.events.entries()) {
      // That of a request that failed may be long gone.
      const isOfConnection = 'connectionId' in event && event.type !== 'request:failed'
      const connection = isOfConnection ? harness.connection(event.connectionId) : undefined
      expect(harness.eventConnections[index]).toBe(connection)
    }
  })

  it.each(POOL_EVENT_TYPES)('are told of %s alone where nothing else is wanted', (type) => {
    const asked = new Set<PoolEventType>()
    const harness = new PoolHarness({
      reactions,
      wantsEvent: (other) => {
        asked.add(other)
        return other === type
      },
    })
    liveThrough(harness)
    expect(new Set(harness.events.map((event) => event.type))).toEqual(new Set([type]))
    expect(asked).toEqual(new Set(POOL_EVENT_TYPES))
  })

  it('may be wanted by nobody', () => {
    const harness = new PoolHarness({ reactions, wantsEvent: () => false })
    liveThrough(harness)
    expect(harness.events).toEqual([])
    expect(harness.stats.closes).toEqual({ peer_reset: 2, max_age: 1, error: 2 })
  })

  it('tell the age of a connection from its opening on, whatever the clock said before', () => {
    const harness = new PoolHarness()
    harness.nowMs = 1000
    harness.makeIdle(1)
    harness.nowMs += 250
    harness.closed(1, 'peer_fin')
    expect(harness.events.at(-1)).toMatchObject({ type: 'connection:closed', ageMs: 250 })
    harness.makeLeased('kept for good')
    harness.nowMs += 30
    harness.detach(2)
    expect(harness.events.at(-1)).toMatchObject({ type: 'connection:detached', ageMs: 30 })
  })
})
