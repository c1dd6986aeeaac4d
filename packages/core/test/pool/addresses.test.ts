import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/addresses/answer.ts'
import { answerOf } from '../booked-connection.ts'
import { type HarnessOptions, PoolHarness } from '../pool-harness.ts'

const TWO = ['192.0.2.1', '192.0.2.2'] as const
const REFRESH_MS = 30_000

/** A pool whose dials are told of addresses, as a driver does it. */
class AddressHarness extends PoolHarness {
  answer: Answer

  constructor(addresses: readonly string[] = TWO, options: HarnessOptions = {}) {
    super(options)
    this.answer = answerOf(0, ...addresses)
  }

  /** Tells the last dial of the answer. @returns The address that it goes to. */
  dial(): string | undefined {
    const connection = this.connection(this.effects.connections.size)
    const order = this.pool.addresses?.dial(connection, this.answer, () => true, this.nowMs)
    return order?.[0]?.address
  }

  /** Opens that many connections, in use. */
  use(count: number, origin = 'a'): number[] {
    return Array.from({ length: count }, (_, index) => {
      this.await(`request ${index}`, origin)
      const id = this.effects.connections.size
      this.dial()
      this.open(id)
      return id
    })
  }

  learn(atMs: number, ...addresses: readonly string[]): void {
    this.nowMs = atMs
    this.answer = answerOf(atMs, ...addresses)
    this.pool.addresses?.learn('a', this.answer, atMs)
  }

  addressOf(id: number): string | undefined {
    return this.connection(id).address?.address
  }

  get counts(): Record<string, number> {
    const known = this.pool.addresses?.addressesOf('a') ?? []
    return Object.fromEntries(known.map(({ address, connections }) => [address, connections.size]))
  }
}

describe('dials of a name with several addresses', () => {
  it('are spread, and make good what has closed', () => {
    const harness = new AddressHarness()
    harness.use(5)
    expect(harness.counts).toEqual({ '192.0.2.1': 3, '192.0.2.2': 2 })
    harness.closed(2)
    harness.closed(4)
    harness.use(1)
    expect(harness.counts).toEqual({ '192.0.2.1': 3, '192.0.2.2': 1 })
  })

  it('count a connection no more that waits to be closed', () => {
    const harness = new AddressHarness()
    harness.use(2)
    harness.retire(1, 'max_age')
    expect(harness.counts).toEqual({ '192.0.2.1': 1, '192.0.2.2': 1 })
    harness.release(1)
    expect(harness.counts).toEqual({ '192.0.2.1': 0, '192.0.2.2': 1 })
  })

  it('count for where they have led to', () => {
    const harness = new AddressHarness()
    harness.await('request')
    expect(harness.dial()).toBe('192.0.2.1')
    harness.pool.addresses?.connected(harness.connection(1), { address: '192.0.2.2', family: 4 })
    harness.open(1)
    expect(harness.counts).toEqual({ '192.0.2.1': 0, '192.0.2.2': 1 })
  })

  it('pass over the address that the last one failed at, and are told of it', () => {
    const harness = new AddressHarness()
    harness.await('first')
    harness.dial()
    harness.takeEvents()
    harness.fail(1)
    expect(harness.events).toContainEqual({
      type: 'address:passed_over',
      origin: 'a',
      atMs: 0,
      address: '192.0.2.1',
      forMs: 1000,
      failureCount: 1,
    })
    // The origin was forgotten meanwhile, the failure was not.
    harness.await('second')
    expect(harness.dial()).toBe('192.0.2.2')
  })

  it('do not hold it against the address where they were given up', () => {
    const harness = new AddressHarness()
    harness.cancel(harness.await('given up'))
    harness.dial()
    harness.fail(1)
    harness.await('next')
    expect(harness.dial()).toBe('192.0.2.1')
  })

  it('try an address again that one of them has got through to', () => {
    const harness = new AddressHarness()
    harness.use(1)
    const { address } = harness.connection(1)
    address?.fail(0)
    harness.use(2)
    expect(harness.counts).toEqual({ '192.0.2.1': 1, '192.0.2.2': 2 })
    address?.succeed()
    harness.use(1)
    expect(harness.addressOf(4)).toBe('192.0.2.1')
  })
})

describe('a request', () => {
  it('takes an idle connection to the address with the least in progress, the newest of it', () => {
    const harness = new AddressHarness()
    harness.use(6)
    harness.release(1, 3, 5, 2)
    harness.takeLog()
    harness.lease('one')
    harness.lease('other')
    expect(harness.takeLog()).toEqual(['grant 5 to one', 'grant 3 to other'])
  })

  it('takes the one that has been idle longest, where that is asked for', () => {
    const harness = new AddressHarness(TWO, { scheduling: 'fifo' })
    harness.use(4)
    harness.release(3, 1)
    harness.takeLog()
    harness.lease('one')
    expect(harness.takeLog()).toEqual(['grant 3 to one'])
  })

  it('leaves no address out where few requests are in progress', () => {
    const harness = new AddressHarness()
    harness.release(...harness.use(4))
    const served = Array.from({ length: 10 }, (_, index) => {
      harness.takeLog()
      harness.lease(`request ${index}`)
      const id = Number(/grant (?<id>\d+)/u.exec(harness.takeLog()[0] ?? '')?.groups?.['id'])
      harness.release(id)
      return harness.addressOf(id)
    })
    expect(served.filter((address) => address === '192.0.2.1')).toHaveLength(5)
  })

  it('finds connections that were idle before a second address was known', () => {
    const harness = new AddressHarness(['192.0.2.1'])
    harness.release(...harness.use(2))
    harness.learn(1, ...TWO)
    harness.takeLog()
    harness.lease('one')
    harness.lease('other')
    harness.lease('third')
    expect(harness.takeLog()).toEqual(['grant 2 to one', 'grant 1 to other', 'dial 3 for third'])
  })

  it('with one address takes the newest, as ever', () => {
    const harness = new AddressHarness(['192.0.2.1'])
    harness.release(...harness.use(3))
    harness.takeLog()
    harness.lease('one')
    expect(harness.takeLog()).toEqual(['grant 3 to one'])
  })
})

describe('an address that is gone', () => {
  it('has its idle connections closed, and no further request on those in use', () => {
    const harness = new AddressHarness()
    const [inUse] = harness.use(4)
    harness.release(2, 3, 4)
    harness.learn(1, '192.0.2.2')
    harness.takeLog()
    harness.takeEvents()
    harness.learn(2, '192.0.2.2')
    expect(harness.takeLog()).toEqual(['close 3: address_gone'])
    expect(harness.events[0]).toEqual({
      type: 'address:gone',
      origin: 'a',
      atMs: 2,
      address: '192.0.2.1',
      openCount: 2,
    })
    harness.release(inUse as number)
    expect(harness.takeLog()).toEqual(['close 1: address_gone'])
    expect(harness.counts).toEqual({ '192.0.2.2': 2 })
  })

  it('is not handed on to a request that waits', () => {
    const harness = new AddressHarness(TWO, { caps: { maxPerOrigin: 1 } })
    harness.use(1)
    harness.await('waiting')
    harness.learn(1, '192.0.2.2')
    harness.learn(2, '192.0.2.2')
    harness.takeLog()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: address_gone'])
  })

  it('serves one request with a dial that had begun before', () => {
    const harness = new AddressHarness()
    harness.use(2)
    harness.await('late')
    harness.dial()
    harness.learn(1, '192.0.2.2')
    harness.learn(2, '192.0.2.2')
    harness.takeLog()
    harness.open(3)
    expect(harness.takeLog()).toEqual(['grant 3 to late as its last'])
  })
})

describe('a name', () => {
  it('is looked up again while it is used, and not otherwise', () => {
    const harness = new AddressHarness()
    const [id] = harness.use(1) as [number]
    harness.release(id)
    expect(harness.pool.nextDeadlineMs).toBe(REFRESH_MS)
    harness.takeLog()
    harness.advanceTo(REFRESH_MS)
    expect(harness.takeLog()).toEqual(['look up a'])
    harness.advanceTo(2 * REFRESH_MS)
    expect(harness.takeLog()).toEqual([])
    harness.lease('again')
    harness.takeLog()
    harness.advanceTo(3 * REFRESH_MS - 1)
    expect(harness.takeLog()).toEqual([])
    harness.advanceTo(3 * REFRESH_MS)
    expect(harness.takeLog()).toEqual(['look up a'])
  })

  it('is not looked up again without connections', () => {
    const harness = new AddressHarness()
    harness.use(1)
    harness.closed(1)
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    harness.advanceTo(REFRESH_MS)
    expect(harness.takeLog()).not.toContain('look up a')
  })

  it('is not looked up again while the pool drains', () => {
    const harness = new AddressHarness()
    harness.use(1)
    harness.drain()
    harness.takeLog()
    harness.advanceTo(REFRESH_MS)
    expect(harness.takeLog()).toEqual([])
  })

  it('is left to whoever dials where the policy says so', () => {
    const harness = new AddressHarness(TWO, { policy: { addresses: false } })
    expect(harness.pool.addresses).toBeUndefined()
  })
})

describe('a new address', () => {
  const THREE = [...TWO, '192.0.2.3'] as const

  it('gets a connection for the oldest of another one, where nothing is dialled otherwise', () => {
    const harness = new AddressHarness()
    harness.release(...harness.use(6))
    harness.learn(REFRESH_MS, ...TWO)
    harness.takeLog()
    harness.learn(2 * REFRESH_MS, ...THREE)
    expect(harness.takeLog()).toEqual(['dial 7 ahead', 'close 1: rebalanced'])
    expect(harness.dial()).toBe('192.0.2.3')
    harness.open(7)
    expect(harness.counts).toEqual({ '192.0.2.1': 2, '192.0.2.2': 3, '192.0.2.3': 1 })
  })

  it('gets one for a connection in use once that is done', () => {
    const harness = new AddressHarness()
    harness.use(6)
    harness.learn(REFRESH_MS, ...TWO)
    harness.takeLog()
    harness.learn(2 * REFRESH_MS, ...THREE)
    expect(harness.takeLog()).toEqual(['dial 7 ahead'])
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: rebalanced'])
  })

  it('gets none beyond the caps: the place is free first', () => {
    const harness = new AddressHarness(TWO, { caps: { maxPerOrigin: 6 } })
    harness.release(...harness.use(6))
    harness.learn(REFRESH_MS, ...TWO)
    harness.takeLog()
    harness.learn(2 * REFRESH_MS, ...THREE)
    expect(harness.takeLog()).toEqual(['close 1: rebalanced'])
  })

  it('has half its share within ten refreshes, and all of it in time, one at a time', () => {
    const harness = new AddressHarness()
    harness.release(...harness.use(20))
    harness.learn(REFRESH_MS, ...TWO)
    const shares: number[] = []
    for (let refresh = 2; refresh < 14; refresh++) {
      harness.takeLog()
      harness.learn(refresh * REFRESH_MS, ...THREE)
      const dialled = harness.takeLog().filter((entry) => entry.startsWith('dial'))
      expect(dialled.length).toBeLessThanOrEqual(1)
      for (const entry of dialled) {
        harness.dial()
        harness.open(Number(entry.split(' ')[1]))
      }
      shares.push(harness.counts['192.0.2.3'] ?? 0)
    }
    expect(shares[4]).toBeGreaterThanOrEqual(4)
    expect(shares.at(-1)).toBe(6)
    expect(Object.values(harness.counts).toSorted((one, other) => one - other)).toEqual([6, 7, 7])
  })
})
