import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../pool-harness.ts'

/** A driver that answers every `close` at once. */
const closingAtOnce = (options: ConstructorParameters<typeof PoolHarness>[0]): PoolHarness => {
  const harness = new PoolHarness(options)
  harness.effects.reactions = { close: (connection) => harness.closed(connection.id) }
  return harness
}

describe('a grant', () => {
  it('may lease again: its own connection is taken by then', () => {
    const harness = new PoolHarness()
    harness.makeIdle(2)
    harness.effects.reactions = {
      grant: (request) => {
        if (request?.name === 'x') harness.lease('y')
      },
    }
    harness.lease('x')
    expect(harness.takeLog()).toEqual(['grant 2 to x', 'grant 1 to y'])
  })

  it('may release at once', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.effects.reactions = { grant: (_, connection) => harness.release(connection.id) }
    for (const request of ['r1', 'r2', 'r3']) harness.await(request)
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1', 'grant 1 to r2', 'grant 1 to r3'])
    expect(harness.stateOf(1)).toBe('idle')
  })

  it('may cancel another waiter, drain or destroy', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.await('r1')
    const other = harness.await('r2')
    harness.effects.reactions = {
      grant: () => {
        harness.cancel(other)
        harness.drain()
        harness.destroy()
      },
    }
    harness.begin()
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1', 'close 1: drained'])
    expect(harness.stats).toMatchObject({ waiting: 0, closing: 1 })
  })
})

describe('a dial', () => {
  it('may open at once', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.effects.reactions = { dial: (connection) => harness.open(connection.id) }
    const request = harness.lease('r1')
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'grant 1 to r1'])
    harness.cancel(request)
    expect(harness.stats).toMatchObject({ leased: 1, waiting: 0, queued: 0 })
  })

  it('may fail at once', () => {
    const harness = new PoolHarness()
    harness.effects.reactions = { dial: (connection) => harness.fail(connection.id) }
    harness.lease('r1')
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'reject r1: refused by the peer'])
    expect(harness.pool.isEmpty).toBe(true)
    expect(harness.stats).toMatchObject({ dialFailures: 1, rejections: 1, waits: 1 })
  })

  it('that fails at once makes way for the next of all that wait', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('r0')
    for (const request of ['r1', 'r2']) harness.await(request, 'b')
    harness.await('r3', 'c')
    harness.effects.reactions = { dial: (connection) => harness.fail(connection.id) }
    harness.begin()
    harness.closed(1)
    expect(harness.takeLog().filter((entry) => entry.startsWith('reject'))).toEqual([
      'reject r1: refused by the peer',
      'reject r3: refused by the peer',
      'reject r2: refused by the peer',
    ])
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('that fails at once nests no deeper, however many wait', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    for (let index = 0; index < 10_000; index++) harness.await(`r${index}`)
    harness.effects.reactions = { dial: (connection) => harness.fail(connection.id) }
    harness.fail(1)
    expect(harness.pool.isEmpty).toBe(true)
    expect(harness.stats).toMatchObject({ rejections: 10_000 })
  })

  it('may lease again, of whatever origin', () => {
    const harness = new PoolHarness()
    harness.effects.reactions = {
      dial: (_, request) => {
        if (request?.name === 'x') harness.lease('y')
        if (request?.name === 'y') harness.lease('z', 'b')
      },
    }
    harness.lease('x')
    expect(harness.takeLog()).toEqual(['dial 1 for x', 'dial 2 for y', 'dial 3 for z'])
  })

  it('that leases again sacrifices nothing while there is a place', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 4 } })
    harness.makeLeased('r1', 'a')
    harness.effects.reactions = {
      dial: (_, request) => {
        if (request?.name !== 'x') return
        harness.lease('y', 'c')
        harness.release(1)
      },
    }
    harness.begin()
    harness.lease('x', 'b')
    expect(harness.takeLog()).toEqual(['dial 2 for x', 'dial 3 for y'])
    expect(harness.stateOf(1)).toBe('idle')
  })
})

describe('a close that is done at once', () => {
  it('makes way for the request that it was evicted for, and is the only one', () => {
    const harness = closingAtOnce({ caps: { maxTotal: 3 } })
    harness.makeIdle(3)
    harness.await('r1', 'b')
    expect(harness.takeLog()).toEqual(['close 1: evicted', 'dial 4 for r1'])
    expect(harness.stats).toMatchObject({ idle: 2, connecting: 1, queued: 0 })
  })

  it('makes way for a waiter of its own origin', () => {
    const harness = closingAtOnce({
      policy: { maxRequestsPerConnection: 1 },
      caps: { maxPerOrigin: 1 },
    })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: max_requests', 'dial 2 for r2'])
  })

  it('leaves room for the very request that looked at it', () => {
    const harness = closingAtOnce({
      policy: { idleTimeoutMs: 50 },
      caps: { maxPerOrigin: 1 },
    })
    harness.makeIdle(1)
    harness.nowMs = 50
    harness.lease('r2')
    expect(harness.takeLog()).toEqual(['close 1: idle_timeout', 'dial 2 for r2'])
  })
})

describe('closes that are done at once', () => {
  it.each<[string, (harness: PoolHarness) => void]>([
    ['expiry', (harness) => harness.advanceTo(50)],
    ['drain', (harness) => harness.drain()],
    ['destruction', (harness) => harness.destroy()],
  ])('leave nothing after the %s of many', (_, end) => {
    const harness = closingAtOnce({ policy: { idleTimeoutMs: 50 } })
    for (const origin of ['a', 'b', 'c']) harness.makeIdle(3, origin)
    end(harness)
    expect(harness.takeLog()).toHaveLength(9)
    expect(harness.pool.isEmpty).toBe(true)
    expect(harness.pool.openCount).toBe(0)
  })

  it('may each lease again, and leave the request in progress what that one released', () => {
    const harness = new PoolHarness({ policy: { idleTimeoutMs: 50 } })
    harness.makeIdle(1)
    harness.effects.reactions = {
      dial: (connection) => harness.open(connection.id),
      grant: (request, connection) => {
        if (request?.name === 'inner') harness.release(connection.id)
      },
      close: (connection) => {
        harness.closed(connection.id)
        harness.lease('inner')
      },
    }
    harness.nowMs = 50
    harness.lease('outer')
    expect(harness.takeLog()).toEqual([
      'close 1: idle_timeout',
      'dial 2 for inner',
      'grant 2 to inner',
      'grant 2 to outer',
    ])
  })

  it('may include others that are about to be destroyed', () => {
    const harness = new PoolHarness()
    harness.makeIdle(3)
    harness.effects.reactions = {
      close: (connection) => {
        if (connection.id === 1) for (const id of [1, 2, 3]) harness.closed(id)
      },
    }
    harness.destroy()
    expect(harness.takeLog()).toEqual(['close 1: destroyed'])
    expect(harness.pool.isEmpty).toBe(true)
  })
})

describe('a rejection', () => {
  it('of a failed dial may lease again', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.await('r1')
    harness.await('r2')
    harness.effects.reactions = { reject: (request) => harness.lease(`${request} again`) }
    harness.begin()
    harness.fail(1)
    expect(harness.takeLog()).toEqual(['reject r1: refused by the peer', 'dial 2 for r2'])
    harness.open(2)
    harness.release(2)
    expect(harness.takeLog()).toEqual(['grant 2 to r2', 'grant 2 to r1 again'])
  })

  it('of a request whose time is up may lease again, which waits anew', () => {
    const harness = new PoolHarness({
      policy: { acquireTimeoutMs: 100 },
      caps: { maxPerOrigin: 1 },
    })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.effects.reactions = { reject: (request) => harness.lease(`${request} again`) }
    harness.begin()
    harness.advanceTo(100)
    expect(harness.takeLog()).toEqual(['reject r2: ERR_HOLDFAST_ACQUIRE_TIMEOUT'])
    expect(harness.pool.nextDeadlineMs).toBe(200)
    expect(harness.stats).toMatchObject({ waiting: 1 })
  })

  it('for a full queue may lease of another origin', () => {
    const harness = new PoolHarness({ policy: { maxQueuedRequests: 0 }, caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1', 'a')
    harness.effects.reactions = { reject: (request) => harness.lease(`${request} again`, 'b') }
    harness.begin()
    harness.lease('r2', 'a')
    expect(harness.takeLog()).toEqual(['reject r2: ERR_HOLDFAST_QUEUE_FULL', 'dial 2 for r2 again'])
  })
})

describe('a dial that throws', () => {
  it('does not keep later requests from dialling', () => {
    const harness = new PoolHarness()
    harness.effects.reactions = {
      dial: (_, request) => {
        if (request?.name === 'r1') throw new Error('a bug of the driver')
      },
    }
    expect(() => harness.lease('r1')).toThrow('a bug of the driver')
    harness.lease('r2')
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'dial 2 for r2'])
  })
})
