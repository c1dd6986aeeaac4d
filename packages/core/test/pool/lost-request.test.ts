import { describe, expect, it } from 'vitest'
import { PoolHarness, UNWRITTEN, WRITTEN } from '../pool-harness.ts'

describe('a request that loses its connection', () => {
  it('is taken back from it, and dialled for, though others are idle', () => {
    const harness = new PoolHarness()
    harness.makeLeased('lost')
    harness.makeIdle(2)
    harness.lose(1)
    expect(harness.takeLog()).toEqual(['take back lost from 1', 'dial 4 for lost'])
    harness.open(4)
    expect(harness.takeLog()).toEqual(['grant 4 to lost'])
    expect(harness.stats.idle).toBe(2)
  })

  it('takes no connection that another request gives back', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.makeLost('lost')
    harness.begin()
    harness.release(1)
    expect(harness.stateOf(1)).toBe('idle')
    harness.open(3)
    expect(harness.takeLog()).toEqual(['grant 3 to lost'])
  })

  it('takes a dial that nobody waits for', () => {
    const harness = new PoolHarness()
    harness.makeLeased('lost')
    harness.warm(1)
    harness.begin()
    harness.lose(1)
    harness.caps.maxPerOrigin = 1
    harness.lease('r2')
    expect(harness.takeLog()).toEqual(['take back lost from 1'])
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to lost'])
  })

  it('comes before the others of its origin, also where the caps allow no dial yet', () => {
    const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 1 } })
    harness.makeLeased('lost')
    harness.await('r1')
    harness.await('r2')
    harness.lose(1)
    harness.begin()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r1', 'dial 3 for lost'])
    harness.open(3)
    expect(harness.takeLog()).toEqual(['grant 3 to lost', 'dial 4 for r2'])
  })

  it('inherits a dial whose request has left before others do', () => {
    const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 1 } })
    harness.makeLeased('lost')
    const first = harness.await('r1')
    harness.await('r2')
    harness.lose(1)
    harness.cancel(first)
    harness.begin()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to lost', 'dial 3 for r2'])
  })
})

describe('the verdict on a request that loses its connection', () => {
  it('is to move where nothing was written, twice at the most on connections of its own', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.lease('post', 'a', { method: 'POST' })
    harness.send('post', 'in part')
    expect(harness.lose(1, UNWRITTEN)).toBe('move')
    harness.open(2)
    harness.send('post', 'in part')
    expect(harness.lose(2, UNWRITTEN)).toBe('move')
    harness.open(3)
    harness.send('post', 'in part')
    expect(harness.lose(3, UNWRITTEN)).toBe('fail')
    expect(harness.request('post')).toMatchObject({ stateName: 'failed', moveCount: 2 })
  })

  it('is to send it again where it may have arrived, once', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.lease('get')
    harness.send('get')
    expect(harness.lose(1, WRITTEN)).toBe('resend')
    expect(harness.request('get')).toMatchObject({ isResent: true, isComplete: false })
    harness.open(2)
    harness.release(2)
    harness.lease('other')
    expect(harness.request('get').stateName).toBe('aborted')
  })

  it('leaves a request that fails, and its connection, to whoever reports that gone', () => {
    const harness = new PoolHarness()
    harness.makeLeased('post', 'a', { method: 'POST' })
    harness.send('post')
    harness.begin()
    expect(harness.lose(1, WRITTEN)).toBe('fail')
    expect(harness.request('post').stateName).toBe('failed')
    expect(harness.stateOf(1)).toBe('leased')
    harness.closed(1, 'peer_reset')
    expect(harness.takeLog()).toEqual([])
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('is to fail where the pool was destroyed meanwhile', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.lease('get')
    harness.destroy()
    harness.begin()
    expect(harness.lose(1, UNWRITTEN)).toBe('fail')
    expect(harness.takeLog()).toEqual([])
    expect(harness.request('get').stateName).toBe('failed')
  })

  it('is none where no request has the connection', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    expect(harness.lose(1, UNWRITTEN)).toBe('fail')
    expect(harness.stateOf(1)).toBe('idle')
    harness.lease('aborted')
    harness.pool.requests.abort(harness.request('aborted'), harness.nowMs)
    expect(harness.lose(1, UNWRITTEN)).toBe('fail')
    expect(harness.request('aborted').stateName).toBe('aborted')
  })
})

describe('the wait of a request that lost its connection', () => {
  it('ends with its dial, and nobody else’s does', () => {
    const harness = new PoolHarness()
    harness.makeLeased('lost')
    harness.await('r1')
    harness.lose(1)
    harness.begin()
    harness.fail(3)
    expect(harness.takeLog()).toEqual(['reject lost: refused by the peer'])
  })

  it('can be cancelled before and after its dial has begun', () => {
    const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 1 } })
    harness.makeLeased('queued')
    harness.await('r1')
    harness.lose(1)
    harness.begin()
    harness.cancel(harness.request('queued'))
    expect(harness.takeLog()).toEqual([])
    harness.open(2)
    harness.makeLost('dialled')
    harness.begin()
    harness.cancel(harness.request('dialled'))
    expect(harness.takeLog()).toEqual(['close 4: aborted'])
    harness.fail(4, 'given up')
    harness.closed(2)
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('is counted from its loss on', () => {
    const harness = new PoolHarness({ policy: { acquireTimeoutMs: 100 } })
    harness.makeLeased('lost')
    harness.nowMs = 50
    harness.lose(1)
    harness.begin()
    harness.advanceTo(149)
    expect(harness.takeLog()).toEqual([])
    harness.advanceTo(150)
    expect(harness.takeLog()).toEqual([
      'reject lost: ERR_HOLDFAST_ACQUIRE_TIMEOUT',
      'close 2: aborted',
    ])
  })
})

describe('a request that lost its connection waits', () => {
  it('also where the queue is full, in which it is not counted', () => {
    const harness = new PoolHarness({
      policy: { maxQueuedRequests: 1, maxConnectingPerOrigin: 1 },
    })
    harness.makeLeased('lost')
    harness.await('dialling')
    harness.lose(1)
    harness.await('r2')
    harness.begin()
    harness.lease('r3')
    expect(harness.takeLog()).toEqual(['reject r3: ERR_HOLDFAST_QUEUE_FULL'])
    expect(harness.stats).toMatchObject({ waiting: 3, queued: 2 })
  })

  it('also while the pool drains', () => {
    const harness = new PoolHarness()
    harness.makeLeased('lost')
    harness.drain()
    harness.lose(1)
    harness.begin()
    expect(harness.pool.isEmpty).toBe(false)
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to lost'])
    harness.release(2)
    expect(harness.takeLog()).toEqual(['close 2: drained'])
  })

  it('no more where it is cancelled within the very effect that takes it back', () => {
    const harness = new PoolHarness()
    harness.makeLeased('lost')
    harness.effects.reactions = { takeBack: (request) => harness.cancel(request) }
    harness.begin()
    expect(harness.lose(1)).toBe('move')
    expect(harness.takeLog()).toEqual(['take back lost from 1'])
    expect(harness.pool.isEmpty).toBe(true)
    expect(harness.request('lost').stateName).toBe('aborted')
  })
})

describe('where the caps are reached,', () => {
  it('another origin that has waited longer takes the place that was lost', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('lost', 'a')
    harness.await('r2', 'b')
    harness.begin()
    harness.lose(1)
    expect(harness.takeLog()).toEqual(['take back lost from 1', 'dial 2 for r2'])
    harness.open(2)
    harness.release(2)
    harness.closed(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2', 'close 2: evicted', 'dial 3 for lost'])
  })

  it.each(['maxPerOrigin', 'maxTotal'] as const)(
    'the connection of its origin that was idle longest makes way (%s was lowered)',
    (cap) => {
      const harness = new PoolHarness()
      harness.makeLeased('lost')
      harness.makeIdle(2)
      harness.caps[cap] = 2
      harness.lose(1)
      expect(harness.takeLog()).toEqual(['take back lost from 1', 'close 2: evicted'])
      harness.closed(2)
      expect(harness.takeLog()).toEqual(['dial 4 for lost'])
    },
  )

  it('its own origin makes way before another one does', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1, 'b')
    harness.makeLeased('lost', 'a')
    harness.makeIdle(1, 'a')
    harness.caps.maxTotal = 2
    harness.lose(2)
    expect(harness.takeLog()).toEqual(['take back lost from 2', 'close 3: evicted'])
  })

  it('another origin makes way where its own cannot', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1', 'a')
    harness.makeLeased('lost', 'a')
    harness.makeIdle(1, 'b')
    harness.caps.maxTotal = 2
    harness.lose(2)
    expect(harness.takeLog()).toEqual(['take back lost from 2', 'close 3: evicted'])
  })
})

describe('where the caps were lowered,', () => {
  it('nothing makes way where something is closing already', () => {
    const harness = new PoolHarness()
    harness.makeLeased('lost')
    harness.makeIdle(2)
    harness.caps.maxPerOrigin = 2
    harness.retire(2, 'peer_fin')
    harness.begin()
    harness.lose(1)
    expect(harness.takeLog()).toEqual(['take back lost from 1'])
    harness.closed(2)
    expect(harness.takeLog()).toEqual(['dial 4 for lost'])
  })

  it.each(['maxPerOrigin', 'maxTotal'] as const)(
    'the next connection that is given back makes way, whoever else waits (%s was lowered)',
    (cap) => {
      const harness = new PoolHarness({ caps: { [cap]: 2 } })
      harness.makeLeased('r1')
      harness.makeLeased('lost')
      harness.await('r2')
      harness.caps[cap] = 1
      harness.lose(2)
      harness.begin()
      harness.release(1)
      expect(harness.takeLog()).toEqual(['close 1: evicted'])
      harness.closed(1)
      expect(harness.takeLog()).toEqual(['dial 3 for lost'])
      harness.open(3)
      harness.release(3)
      expect(harness.takeLog()).toEqual(['grant 3 to lost', 'grant 3 to r2'])
    },
  )

  it('one that is given back makes way where nobody else waits', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.makeLeased('lost')
    harness.caps.maxPerOrigin = 1
    harness.lose(2)
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: evicted'])
  })
})
