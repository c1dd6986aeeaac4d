import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'

describe('a request that takes nothing but a fresh connection', () => {
  it('passes idle ones by', () => {
    const harness = new PoolHarness()
    harness.makeIdle(2)
    harness.leaseFresh('again')
    expect(harness.takeLog()).toEqual(['dial 3 for again'])
    harness.open(3)
    expect(harness.takeLog()).toEqual(['grant 3 to again'])
    expect(harness.stats.idle).toBe(2)
  })

  it('takes no connection that another request gives back', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.leaseFresh('again')
    harness.begin()
    harness.release(1)
    expect(harness.stateOf(1)).toBe('idle')
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to again'])
  })

  it('takes a dial that nobody waits for', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.warm(1)
    harness.begin()
    harness.leaseFresh('again')
    harness.lease('r2')
    expect(harness.takeLog()).toEqual([])
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to again'])
  })

  it('comes before the others of its origin, also where the caps allow no dial yet', () => {
    const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 1 } })
    harness.await('r1')
    harness.await('r2')
    harness.leaseFresh('again')
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1', 'dial 2 for again'])
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to again', 'dial 3 for r2'])
  })

  it('inherits a dial whose request has left before others do', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    const first = harness.await('r1')
    harness.await('r2')
    harness.leaseFresh('again')
    harness.cancel(first)
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to again'])
  })
})

describe('the wait for a fresh connection', () => {
  it('fails with its dial, and alone', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    harness.leaseFresh('again')
    harness.begin()
    harness.fail(2)
    expect(harness.takeLog()).toEqual(['reject again: refused by the peer'])
  })

  it('can be cancelled before and after its dial has begun', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.cancel(harness.leaseFresh('queued'))
    harness.closed(1)
    const waiter = harness.leaseFresh('dialled')
    harness.begin()
    harness.cancel(waiter)
    expect(harness.takeLog()).toEqual(['close 2: aborted'])
    harness.fail(2, 'given up')
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('times out like any other', () => {
    const harness = new PoolHarness({
      policy: { acquireTimeoutMs: 100 },
      caps: { maxPerOrigin: 1 },
    })
    harness.makeLeased('r1')
    harness.leaseFresh('again')
    harness.begin()
    harness.advanceTo(100)
    expect(harness.takeLog()).toEqual(['reject again: ERR_HOLDFAST_ACQUIRE_TIMEOUT'])
  })

  it('is not kept out by a full queue, nor counted in it', () => {
    const harness = new PoolHarness({
      policy: { maxQueuedRequests: 1 },
      caps: { maxPerOrigin: 1 },
    })
    harness.makeLeased('r1')
    harness.leaseFresh('again')
    harness.await('r2')
    harness.begin()
    harness.lease('r3')
    expect(harness.takeLog()).toEqual(['reject r3: ERR_HOLDFAST_QUEUE_FULL'])
    expect(harness.stats).toMatchObject({ waiting: 2, queued: 2 })
  })

  it('is still served while the pool drains', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.drain()
    harness.leaseFresh('again')
    harness.closed(1)
    harness.begin()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to again'])
    harness.release(2)
    expect(harness.takeLog()).toEqual(['close 2: drained'])
  })
})

describe('where the caps are reached,', () => {
  it.each([{ maxPerOrigin: 2 }, { maxTotal: 2 }])(
    'the connection of its origin that was idle longest makes way (%o)',
    (caps) => {
      const harness = new PoolHarness({ caps })
      harness.makeIdle(2)
      harness.leaseFresh('again')
      expect(harness.takeLog()).toEqual(['close 1: evicted'])
      harness.closed(1)
      expect(harness.takeLog()).toEqual(['dial 3 for again'])
    },
  )

  it('its own origin makes way before another one does', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeIdle(1, 'b')
    harness.makeIdle(1, 'a')
    harness.leaseFresh('again')
    expect(harness.takeLog()).toEqual(['close 2: evicted'])
  })

  it('another origin makes way where its own cannot', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeLeased('r1', 'a')
    harness.makeIdle(1, 'b')
    harness.leaseFresh('again')
    expect(harness.takeLog()).toEqual(['close 2: evicted'])
  })

  it('nothing makes way where something is closing already', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 2 } })
    harness.makeIdle(2)
    harness.retire(1, 'peer_fin')
    harness.begin()
    harness.leaseFresh('again')
    expect(harness.takeLog()).toEqual([])
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['dial 3 for again'])
  })

  it.each([{ maxPerOrigin: 1 }, { maxTotal: 1 }])(
    'the next connection that is given back makes way, whoever else waits (%o)',
    (caps) => {
      const harness = new PoolHarness({ caps })
      harness.makeLeased('r1')
      harness.await('r2')
      harness.leaseFresh('again')
      harness.begin()
      harness.release(1)
      expect(harness.takeLog()).toEqual(['close 1: evicted'])
      harness.closed(1)
      expect(harness.takeLog()).toEqual(['dial 2 for again'])
      harness.open(2)
      harness.release(2)
      expect(harness.takeLog()).toEqual(['grant 2 to again', 'grant 2 to r2'])
    },
  )

  it('one that is given back makes way where nobody else waits', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.leaseFresh('again')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: evicted'])
  })
})
