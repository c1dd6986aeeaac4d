import { describe, expect, it } from 'vitest'
import { MAX_HAND_ONS } from '../../src/dialing/dial-scheduler.ts'
import { PoolHarness } from '../pool-harness.ts'

/** Origin `a` has one connection, in use, and more waiters than it may serve in a row. */
const crowded = (): PoolHarness => {
  const harness = new PoolHarness({ caps: { maxTotal: 1 } })
  harness.makeLeased('a0', 'a')
  for (let index = 1; index <= 3 * MAX_HAND_ONS; index++) harness.await(`a${index}`, 'a')
  return harness
}

describe('while another origin waits for a place', () => {
  it('a connection is handed on a bounded number of times, then its place goes there', () => {
    const harness = crowded()
    harness.await('b0', 'b')
    harness.begin()
    for (let index = 0; index < MAX_HAND_ONS; index++) harness.release(1)
    expect(harness.takeLog()).toHaveLength(MAX_HAND_ONS)
    expect(harness.stateOf(1)).toBe('leased')
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: evicted'])
    harness.closed(1)
    expect(harness.takeLog()).toEqual([`dial 2 for a${MAX_HAND_ONS + 1}`])
  })

  it('what was handed on before it came counts too', () => {
    const harness = crowded()
    for (let index = 0; index < MAX_HAND_ONS; index++) harness.release(1)
    harness.await('b0', 'b')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: evicted'])
  })

  it('no more places are given up than it can use', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 3 } })
    for (const request of ['a0', 'a1', 'a2']) harness.makeLeased(request, 'a')
    for (let index = 0; index < 9 * MAX_HAND_ONS; index++) harness.await(`w${index}`, 'a')
    for (let index = 0; index < MAX_HAND_ONS; index++) harness.release(1, 2, 3)
    harness.await('b0', 'b')
    harness.begin()
    harness.release(1, 2, 3)
    expect(harness.stats).toMatchObject({ closing: 1, leased: 2 })
  })
})

describe('while nobody else waits for a place', () => {
  it('a connection is handed on for as long as its origin has waiters', () => {
    const harness = crowded()
    for (let index = 0; index < 3 * MAX_HAND_ONS; index++) harness.release(1)
    expect(harness.stats).toMatchObject({ leases: 3 * MAX_HAND_ONS + 1, dials: 1, waiting: 0 })
  })

  it('idling forgets how often a connection was handed on', () => {
    const harness = crowded()
    for (let index = 0; index <= 3 * MAX_HAND_ONS; index++) harness.release(1)
    expect(harness.stateOf(1)).toBe('idle')
    harness.lease('again', 'a')
    harness.await('a-last', 'a')
    harness.await('b0', 'b')
    harness.begin()
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to a-last'])
  })
})

describe('origins that wait for a place', () => {
  it('take turns, one dial at a time', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('first', 'x')
    for (const request of ['a1', 'a2', 'a3']) harness.await(request, 'a')
    for (const request of ['b1', 'b2']) harness.await(request, 'b')
    harness.await('c1', 'c')
    harness.begin()
    const order: string[] = []
    for (let id = 1; id <= 6; id++) {
      harness.closed(id)
      order.push(...harness.takeLog().filter((entry) => entry.startsWith('dial')))
      // Each is given up at once, so that no connection is handed on.
      harness.open(id + 1)
    }
    expect(order.map((entry) => entry.split(' ').at(-1))).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'b2',
      'a3',
    ])
  })

  it('never starve, however busy another origin is', () => {
    const harness = new PoolHarness({ caps: { maxTotal: 1 } })
    harness.makeLeased('a0', 'a')
    harness.await('b0', 'b')
    const bound = 2 * (MAX_HAND_ONS + 1)
    let id = 1
    for (let round = 1; round <= bound; round++) {
      harness.await(`a${round}`, 'a')
      harness.release(id)
      if (harness.stateOf(id) === 'closing') {
        harness.closed(id)
        id = harness.effects.connections.size
        harness.open(id)
      }
    }
    expect(harness.takeLog()).toContain('grant 2 to b0')
  })
})

/** Many origins want more than there is; in which order they are served. */
const serveCrowd = (originCount: number, requestsOf: (index: number) => number): string[] => {
  const granted: number[] = []
  const served: string[] = []
  const dials: number[] = []
  const closes: number[] = []
  const harness = new PoolHarness({
    caps: { maxTotal: 10 },
    reactions: {
      dial: ({ id }) => dials.push(id),
      close: ({ id }) => closes.push(id),
      grant: (_, { id, origin }) => {
        granted.push(id)
        served.push(origin.key)
      },
    },
  })
  for (let index = 0; index < originCount; index++) {
    for (let left = requestsOf(index); left > 0; left--) harness.lease('r', `origin-${index}`)
  }
  while (dials.length + closes.length + granted.length > 0) {
    for (const id of closes.splice(0)) harness.closed(id)
    for (const id of dials.splice(0)) harness.open(id)
    const [next] = granted.splice(0, 1)
    if (next !== undefined) harness.release(next)
  }
  return served
}

describe('1,000 origins that share 10 places', () => {
  const ORIGINS = 1000
  const BOUND = (ORIGINS + 10) * (1 + MAX_HAND_ONS)

  it('are all served, and each before the others had more than the bound', () => {
    const served = serveCrowd(ORIGINS, () => 12)
    expect(served).toHaveLength(12 * ORIGINS)
    const firsts = [...new Set(served)].map((origin) => served.indexOf(origin))
    expect(firsts).toHaveLength(ORIGINS)
    expect(Math.max(...firsts)).toBeLessThanOrEqual(BOUND)
  })

  it('nor does one that wants everything keep the others waiting', () => {
    const served = serveCrowd(ORIGINS, (index) => (index === 0 ? 20_000 : 1))
    const last = Math.max(
      ...Array.from({ length: ORIGINS }, (_, index) => served.indexOf(`origin-${index}`)),
    )
    expect(served).toHaveLength(20_000 + ORIGINS - 1)
    // The busy one has a turn in as many turns as there are origins, and what it holds meanwhile.
    expect(last).toBeLessThanOrEqual(BOUND)
  })
})
