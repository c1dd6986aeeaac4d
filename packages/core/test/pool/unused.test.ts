import { describe, expect, it } from 'vitest'
import { TRIM_INTERVAL_MS } from '../../src/idle/trimmer.ts'
import { type HarnessOptions, PoolHarness } from '../pool-harness.ts'

const OPENED_MS = 1000
const UNTIL_MS = OPENED_MS + 5000

/** Connection 1 is in use, and `count` more, from 2 on, were dialled for nobody who still needs them. */
const withUnused = (options: HarnessOptions = {}, count = 1): PoolHarness => {
  const harness = new PoolHarness(options)
  harness.makeLeased('r')
  const ids = Array.from({ length: count }, (_, index) => index + 2)
  for (const id of ids) harness.await(`w${id}`)
  for (const _ of ids) harness.release(1)
  harness.nowMs = OPENED_MS
  harness.open(...ids)
  harness.begin()
  return harness
}

/** The same, with connection 1 idle, too. */
const withUnusedBeside = (options?: HarnessOptions, count?: number): PoolHarness => {
  const harness = withUnused(options, count)
  harness.release(1)
  return harness
}

describe('a connection that nobody used', () => {
  it.each(['lifo', 'fifo'] as const)('is used first, with %s', (scheduling) => {
    const harness = new PoolHarness({ scheduling })
    for (const request of ['r1', 'r2', 'r3']) harness.makeLeased(request)
    harness.await('r4')
    harness.release(1)
    harness.release(1)
    harness.open(4)
    harness.release(2, 3)
    harness.begin()
    for (const request of ['s1', 's2', 's3', 's4']) harness.lease(request)
    const used = scheduling === 'lifo' ? [3, 2, 1] : [1, 2, 3]
    const log = [4, ...used].map((id, index) => `grant ${id} to s${index + 1}`)
    expect(harness.takeLog()).toEqual(log)
  })

  it.each(['lifo', 'fifo'] as const)('is used before a younger one, with %s', (scheduling) => {
    const harness = withUnused({ scheduling }, 2)
    harness.lease('s1')
    harness.lease('s2')
    expect(harness.takeLog()).toEqual(['grant 2 to s1', 'grant 3 to s2'])
  })

  it.each([
    [UNTIL_MS - 1, []],
    [UNTIL_MS, ['close 2: trimmed']],
    [UNTIL_MS + 1, ['close 2: trimmed']],
  ])('is closed 5 s after it opened: at %i %j', (nowMs, log) => {
    const harness = withUnused()
    expect(harness.pool.nextDeadlineMs).toBe(UNTIL_MS)
    harness.advanceTo(nowMs)
    expect(harness.takeLog()).toEqual(log)
  })

  it.each([
    [4999, 4999, 'idle_timeout'],
    [5000, 5000, 'idle_timeout'],
    [5001, 5000, 'trimmed'],
  ])('is closed earlier where it may be idle for %i ms only', (idleTimeoutMs, afterMs, reason) => {
    const harness = withUnused({ policy: { idleTimeoutMs } })
    expect(harness.pool.nextDeadlineMs).toBe(OPENED_MS + afterMs)
    harness.advanceTo(OPENED_MS + afterMs)
    expect(harness.takeLog()).toEqual([`close 2: ${reason}`])
  })

  it('is one like all others once it has been used', () => {
    const harness = withUnused({ policy: { idleTimeoutMs: 60_000 } })
    harness.nowMs = UNTIL_MS - 1
    harness.lease('s')
    harness.release(2)
    expect(harness.pool.nextDeadlineMs).toBe(UNTIL_MS - 1 + 60_000)
  })
})

describe('a connection that nobody used counts as idle, and', () => {
  it('leaves less room for others', () => {
    const harness = withUnusedBeside({ caps: { maxIdlePerOrigin: 1 } })
    expect(harness.takeLog()).toEqual(['close 1: trimmed'])
    expect(harness.stats).toMatchObject({ idle: 1 })
    expect(harness.warm(1)).toBe(0)
  })

  it('makes way for another origin by how long it has been idle, like all others', () => {
    const harness = withUnusedBeside({ caps: { maxTotal: 2 } })
    harness.await('s', 'b')
    expect(harness.takeLog()).toEqual(['close 2: evicted'])
  })

  it('makes way for its own origin’s fresh dial after those that were used', () => {
    const harness = new PoolHarness()
    for (const request of ['lost', 'lost too', 'r']) harness.makeLeased(request)
    harness.await('w')
    harness.release(3)
    harness.open(4)
    harness.release(3)
    harness.begin()
    harness.caps.maxPerOrigin = 3
    harness.lose(1)
    expect(harness.takeLog()).toEqual(['take back lost from 1', 'close 3: evicted'])
    harness.caps.maxPerOrigin = 2
    harness.lose(2)
    expect(harness.takeLog()).toEqual(['take back lost too from 2', 'close 4: evicted'])
  })

  it('is trimmed after those that were used', () => {
    const harness = new PoolHarness({ policy: { trim: 'adaptive' } })
    for (const request of ['r1', 'r2', 'r3']) harness.makeLeased(request)
    harness.nowMs = OPENED_MS
    harness.await('r4')
    harness.release(1)
    harness.open(4)
    harness.release(1, 2, 3)
    harness.begin()
    harness.advanceTo(TRIM_INTERVAL_MS)
    expect(harness.takeLog()).toEqual(['close 1: trimmed'])
  })

  it('is trimmed where none of the others is left', () => {
    const harness = withUnused({ policy: { trim: 'adaptive' } }, 3)
    harness.advanceTo(TRIM_INTERVAL_MS)
    expect(harness.takeLog()).toEqual(['close 2: trimmed', 'close 3: trimmed'])
  })

  it('makes way for one that is dialled for warmth, which stays', () => {
    const harness = new PoolHarness({ policy: { minIdlePerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.await('r3')
    harness.release(1)
    harness.release(1)
    harness.fail(2)
    harness.advanceTo(OPENED_MS)
    harness.open(3)
    harness.begin()
    harness.advanceTo(UNTIL_MS)
    harness.closed(3)
    harness.open(4)
    expect(harness.takeLog()).toEqual(['close 3: trimmed', 'dial 4 ahead'])
    harness.advanceTo(UNTIL_MS + 5000)
    expect(harness.stateOf(4)).toBe('idle')
  })
})

describe('where the peer closes an idle connection,', () => {
  it.each(['peer_fin', 'peer_reset'] as const)(
    'those that nobody used close too (%s)',
    (reason) => {
      for (const end of ['closed', 'retire'] as const) {
        const harness = withUnusedBeside({}, 3)
        harness.begin()
        harness[end](1, reason)
        const closes = ['close 2: trimmed', 'close 3: trimmed', 'close 4: trimmed']
        expect(harness.takeLog()).toEqual(
          end === 'closed' ? closes : [`close 1: ${reason}`, ...closes],
        )
        expect(harness.stats).toMatchObject({ idle: 0 })
      }
    },
  )

  it('and a look finds that, those that nobody used close too', () => {
    const harness = withUnused({ policy: { staleCheck: 'peek' } }, 3)
    harness.effects.reactions = { peek: ({ id }) => (id === 2 ? 'peer_fin' : 'alive') }
    harness.lease('s')
    expect(harness.takeLog()).toEqual([
      'peek 2',
      'close 2: peer_fin',
      'close 3: trimmed',
      'close 4: trimmed',
      'dial 5 for s',
    ])
  })

  it('those that were used stay', () => {
    const harness = new PoolHarness()
    harness.makeIdle(2)
    harness.closed(1, 'peer_fin')
    expect(harness.takeLog()).toEqual([])
  })

  it('those of another origin stay', () => {
    const harness = withUnused()
    harness.makeIdle(1, 'b')
    harness.closed(3, 'peer_fin')
    expect(harness.takeLog()).toEqual([])
  })

  it('nothing is left half done where an effect calls back', () => {
    const harness = withUnusedBeside({}, 3)
    harness.effects.reactions = {
      close: ({ id }) => {
        harness.closed(id)
        if (id === 2) harness.retire(3, 'max_age')
      },
    }
    harness.begin()
    harness.closed(1, 'peer_fin')
    expect(harness.takeLog()).toEqual(['close 2: trimmed', 'close 3: max_age', 'close 4: trimmed'])
    expect(harness.pool.isEmpty).toBe(true)
  })

  it('one that was dialled for warmth, no other is dialled where the rest end within that', () => {
    const harness = new PoolHarness({ policy: { minIdlePerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.await('r3')
    harness.release(1)
    harness.release(1)
    harness.open(2, 3)
    harness.closed(1)
    harness.effects.reactions = { close: ({ id }) => harness.closed(id) }
    harness.begin()
    harness.closed(2, 'peer_fin')
    expect(harness.takeLog()).toEqual(['close 3: trimmed'])
    expect(harness.pool.isEmpty).toBe(true)
  })
})

it.each(['error', 'stray_data', 'max_age'] as const)(
  'a connection that ends by %s ends none that nobody used',
  (reason) => {
    const harness = withUnusedBeside()
    harness.begin()
    harness.closed(1, reason)
    expect(harness.takeLog()).toEqual([])
    expect(harness.stateOf(2)).toBe('idle')
  },
)

it('a connection that the peer closes in use ends none that nobody used', () => {
  const harness = withUnused()
  harness.closed(1, 'peer_fin')
  expect(harness.takeLog()).toEqual([])
})

describe('a connection that was dialled for warmth', () => {
  const warmed = (): PoolHarness => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.warm(2)
    harness.open(2)
    harness.begin()
    return harness
  }

  it('stays open though nobody uses it', () => {
    const harness = warmed()
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('stays open though the peer closes another', () => {
    const harness = warmed()
    harness.closed(1, 'peer_fin')
    expect(harness.takeLog()).toEqual([])
    expect(harness.stateOf(2)).toBe('idle')
  })

  it('is used in its turn', () => {
    const harness = warmed()
    harness.lease('r1')
    harness.release(2)
    harness.makeIdle(1, 'b')
    harness.begin()
    harness.lease('r2')
    expect(harness.takeLog()).toEqual(['grant 2 to r2'])
  })

  it('stays one though a request waited for it that was served otherwise', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    harness.warm(1)
    harness.await('r2')
    harness.release(1)
    harness.open(2)
    expect(harness.stateOf(2)).toBe('idle')
    expect(harness.pool.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })
})

it('a learned limit that has widened keeps no unused connection beyond its time', () => {
  const harness = new PoolHarness()
  harness.makeIdle(1)
  harness.nowMs = 6125
  harness.closed(1, 'peer_fin')
  harness.nowMs = 9900
  harness.makeLeased('r1')
  harness.makeLeased('r2')
  harness.await('r3')
  harness.release(2, 3)
  harness.nowMs = 10_000
  harness.open(4)
  harness.begin()
  harness.advanceTo(14_800)
  expect(harness.takeLog()).toEqual(['close 3: learned_limit'])
  expect(harness.pool.nextDeadlineMs).toBe(14_900)
  harness.advanceTo(14_900)
  expect(harness.pool.nextDeadlineMs).toBe(15_000)
  harness.advanceTo(15_000)
  expect(harness.takeLog()).toEqual(['close 4: trimmed'])
})
