import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Look } from '../../src/effects.ts'
import { runHistory, seededSteps, shorten } from '../history-run.ts'
import { type HistoryPlan, MOODS, STEP_COUNT } from '../pool-history.ts'

const SEEDS = [1, 2, 3, 4] as const
/** Another one in each run; whoever meets a failure puts it above. */
const FRESH_SEED = Date.now() % 2 ** 31

const RUNS = 1250
const MAX_STEPS = 400
/** At the least: a million of all five. */
const STEPS_OF_EACH_SEED = 200_000

const SOAK_STEPS = 20_000
const SOAK_THOROUGH_EVERY = 50

const unlimited = Number.POSITIVE_INFINITY

/** No policy may ask for more idle connections than the caps allow. */
const withinCaps = (plan: HistoryPlan): HistoryPlan => {
  const { minIdlePerOrigin = 0 } = plan.policy
  const lowest = Math.min(minIdlePerOrigin, ...Object.values(plan.caps))
  return { ...plan, policy: { ...plan.policy, minIdlePerOrigin: lowest } }
}

const plans: fc.Arbitrary<HistoryPlan> = fc
  .record({
    policy: fc.record({
      idleTimeoutMs: fc.constantFrom(50, 700, unlimited, unlimited),
      maxRequestsPerConnection: fc.constantFrom(1, 3, 12, unlimited, unlimited),
      maxConnectionAgeMs: fc.constantFrom(300, 2000, unlimited, unlimited),
      connectionAgeJitter: fc.constantFrom(0, 0.5),
      serverHints: fc.constantFrom('honor' as const, 'honor' as const, 'ignore' as const),
      serverHintMarginMs: fc.constantFrom(0, 100, 1000, unlimited),
      learnIdleLimit: fc.boolean(),
      maxQueuedRequests: fc.constantFrom(0, 1, 3, unlimited, unlimited, unlimited),
      acquireTimeoutMs: fc.constantFrom(100, 900, unlimited, unlimited),
      responseTimeoutMs: fc.constantFrom(200, 1500, unlimited, unlimited),
      maxConnectingPerOrigin: fc.constantFrom(1, 2, unlimited),
      staleCheck: fc.constantFrom('peek' as const, 'peek' as const, 'none' as const),
      binding: fc.constantFrom('early' as const, 'late' as const),
      replay: fc.constantFrom(
        'safe' as const,
        'safe' as const,
        'idempotent' as const,
        'never' as const,
      ),
      minIdlePerOrigin: fc.constantFrom(0, 0, 1, 2),
      closeMode: fc.constantFrom('peer-first' as const, 'peer-first' as const, 'fin' as const),
      peerCloseWaitMs: fc.constantFrom(0, 30, 400, 1000),
      trim: fc.constantFrom('none' as const, 'adaptive' as const),
    }),
    caps: fc.record({
      maxPerOrigin: fc.constantFrom(1, 2, 3, unlimited),
      maxTotal: fc.constantFrom(1, 2, 3, 5, unlimited),
      maxIdlePerOrigin: fc.constantFrom(0, 1, 2, unlimited, unlimited),
    }),
    scheduling: fc.constantFrom('lifo', 'fifo'),
    originCount: fc.integer({ min: 1, max: 4 }),
    peeks: fc.array(
      fc.constantFrom<Look[]>('alive', 'alive', 'unsure', 'peer_fin', 'peer_reset', 'stray_data'),
      { minLength: 1, maxLength: 8 },
    ),
    mood: fc.constantFrom(...MOODS),
  })
  .map(withinCaps)

/** All limits at once, none so tight that the others never matter. */
const manifold: HistoryPlan = {
  policy: {
    idleTimeoutMs: 2000,
    maxRequestsPerConnection: 20,
    maxConnectionAgeMs: 5000,
    connectionAgeJitter: 0.5,
    serverHintMarginMs: 100,
    maxQueuedRequests: 12,
    acquireTimeoutMs: 900,
    responseTimeoutMs: 1500,
    maxConnectingPerOrigin: 2,
  },
  caps: { maxPerOrigin: 4, maxTotal: 9, maxIdlePerOrigin: 3 },
  scheduling: 'lifo',
  originCount: 4,
  peeks: ['alive', 'alive', 'unsure', 'alive', 'peer_fin', 'alive', 'stray_data'],
  mood: 'crowded',
}

/** Nothing but two origins that are short of places, so that what a connection remembers matters. */
const tight: HistoryPlan = {
  policy: { idleTimeoutMs: unlimited, maxConnectionAgeMs: unlimited, acquireTimeoutMs: 900 },
  caps: { maxPerOrigin: unlimited, maxTotal: 3, maxIdlePerOrigin: unlimited },
  scheduling: 'fifo',
  originCount: 2,
  peeks: ['alive'],
  mood: 'gentle',
}

const codes = fc.array(fc.nat(STEP_COUNT - 1), { maxLength: MAX_STEPS, size: 'max' })

/** Goes through so many histories, and as many steps as they have. */
const compare = (seed: number): number => {
  let stepCount = 0
  const follow = (plan: HistoryPlan, history: readonly number[]): void => {
    const failure = runHistory(plan, history)
    if (failure !== undefined) throw new Error(failure.story)
    stepCount += history.length
  }
  fc.assert(fc.property(plans, codes, follow), { numRuns: RUNS, seed })
  return stepCount
}

it.for([...SEEDS, FRESH_SEED])('the pool does what the reference does, with seed %i', (seed) => {
  expect(compare(seed)).toBeGreaterThan(STEPS_OF_EACH_SEED)
})

const bound = (plan: HistoryPlan, binding: 'early' | 'late'): HistoryPlan => ({
  ...plan,
  policy: { ...plan.policy, binding },
})

describe.each([
  ['manifold, bound early', bound(manifold, 'early')],
  ['manifold, bound late', bound(manifold, 'late')],
  ['tight, bound early', bound(tight, 'early')],
  ['tight, bound late', bound(tight, 'late')],
])('through a long history, %s', (_, plan) => {
  it.for([...SEEDS, FRESH_SEED])('the pool does what the reference does, with seed %i', (seed) => {
    const history = seededSteps(seed, SOAK_STEPS)
    const failure = runHistory(plan, history, SOAK_THOROUGH_EVERY)

    expect(failure && shorten(plan, failure).story).toBeUndefined()
  })
})
