import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'

describe('a pool that is destroyed', () => {
  it('closes connections of every state, each of them once', () => {
    const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
    for (const request of ['r1', 'r2', 'r3', 'r4']) harness.makeLeased(request)
    harness.warm(1)
    harness.release(1, 2)
    harness.retire(1, 'max_age')
    harness.retire(3, 'server_hint')
    harness.begin()
    harness.destroy()
    expect(harness.takeLog()).toEqual([
      'close 2: destroyed',
      'close 3: server_hint',
      'close 4: destroyed',
      'close 5: destroyed',
    ])
    expect(harness.stats).toMatchObject({ connecting: 0, idle: 0, leased: 0, closing: 5 })
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    harness.destroy()
    expect(harness.takeLog()).toEqual([])
    for (const id of [1, 2, 3, 4]) harness.closed(id)
    harness.fail(5)
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('dials anew for those that wait, once there is room', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.destroy()
    expect(harness.takeLog()).toEqual(['close 1: destroyed'])
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })

  it('is usable afterwards', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.destroy()
    harness.begin()
    harness.makeLeased('r2')
    harness.release(2)
    harness.lease('r3')
    expect(harness.takeLog()).toEqual(['dial 2 for r2', 'grant 2 to r2', 'grant 2 to r3'])
  })
})

describe('a dial that is destroyed', () => {
  it('fails the request that it was begun for, once it is reported', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.await('r1')
    harness.await('r2')
    harness.begin()
    harness.destroy()
    expect(harness.takeLog()).toEqual(['close 1: destroyed'])
    harness.nowMs = 9
    harness.fail(1, 'hung up')
    expect(harness.takeLog()).toEqual(['reject r1: hung up', 'dial 2 for r2'])
    expect(harness.takeEvents()).toMatchObject([
      { type: 'connection:closed', reason: 'destroyed', wasOpen: false },
      { type: 'request:rejected', code: 'dial_failed' },
      { type: 'connection:dialing' },
    ])
  })

  it('fails none that came later, though one of these is served first', () => {
    const harness = new PoolHarness()
    harness.await('r1')
    harness.destroy()
    harness.await('r2')
    harness.begin()
    harness.open(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
    harness.release(2)
    harness.fail(1, 'hung up')
    expect(harness.takeLog()).toEqual(['reject r1: hung up'])
    expect(harness.stateOf(2)).toBe('idle')
  })

  it('is nobody’s once its request is cancelled', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 2 } })
    const waiter = harness.await('r1')
    harness.destroy()
    harness.cancel(waiter)
    harness.begin()
    harness.await('r2')
    harness.await('r3')
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
    harness.fail(1)
    expect(harness.takeLog()).toEqual(['dial 3 for r3'])
    expect(harness.stats).toMatchObject({ rejections: 0, waiting: 2 })
  })

  it('is nobody’s where it was spare', () => {
    const harness = new PoolHarness()
    harness.warm(1)
    harness.destroy()
    harness.begin()
    harness.await('r2')
    harness.fail(1)
    expect(harness.takeLog()).toEqual(['dial 2 for r2'])
  })

  it('makes way at once for another under the cap of dials in progress', () => {
    const harness = new PoolHarness({ policy: { maxConnectingPerOrigin: 1 } })
    harness.await('r1')
    harness.await('r2')
    harness.begin()
    harness.destroy()
    expect(harness.takeLog()).toEqual(['close 1: destroyed', 'dial 2 for r2'])
  })
})

describe('a close that is done at once while the pool is destroyed', () => {
  it('begins a dial anew, which is not destroyed with the others', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 2 } })
    harness.makeLeased('r1', 'a')
    harness.makeLeased('r2', 'b')
    harness.await('r3', 'b')
    harness.effects.reactions = { close: (connection) => harness.closed(connection.id) }
    harness.begin()
    harness.destroy()
    expect(harness.takeLog()).toEqual(['close 1: destroyed', 'dial 3 for r3', 'close 2: destroyed'])
  })

  it('may lease again, and gets nothing that is about to be closed', () => {
    const harness = new PoolHarness()
    harness.makeIdle(2)
    harness.effects.reactions = {
      close: (connection) => {
        if (connection.id === 1) harness.lease('r')
      },
    }
    harness.destroy()
    expect(harness.takeLog()).toEqual(['close 1: destroyed', 'dial 3 for r', 'close 2: destroyed'])
  })
})
