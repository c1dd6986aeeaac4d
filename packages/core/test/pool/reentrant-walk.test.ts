import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Look } from '../../src/effects.ts'
import { checkInvariants, checkNothingDue, serveAll } from '../pool-invariants.ts'
import {
  PoolWalk,
  RARE_STEP_NAMES,
  STEP_NAMES,
  type StepName,
  type WalkPlan,
} from '../pool-walk.ts'

const RUNS = 2000
const MAX_STEPS = 200

const unlimited = Number.POSITIVE_INFINITY

const step = (names: readonly StepName[]): fc.Arbitrary<readonly [StepName, number]> =>
  fc.tuple(fc.constantFrom(...names), fc.nat(63))

const stepsOf = (names: readonly StepName[]): fc.Arbitrary<WalkPlan['steps']> =>
  fc.array(step(names), { maxLength: MAX_STEPS, size: 'max' })

const plan: fc.Arbitrary<WalkPlan> = fc.record({
  policy: fc.record({
    idleTimeoutMs: fc.constantFrom(10, unlimited),
    maxRequestsPerConnection: fc.constantFrom(1, 3, 5, unlimited, unlimited),
    maxConnectionAgeMs: fc.constantFrom(30, unlimited),
    connectionAgeJitter: fc.constantFrom(0, 0.5),
    maxQueuedRequests: fc.constantFrom(0, 2, 5, unlimited, unlimited, unlimited),
    acquireTimeoutMs: fc.constantFrom(15, unlimited, unlimited),
    responseTimeoutMs: fc.constantFrom(12, unlimited, unlimited),
    maxConnectingPerOrigin: fc.constantFrom(1, 2, unlimited),
    staleCheck: fc.constantFrom('peek' as const, 'none' as const),
    closeMode: fc.constantFrom('peer-first' as const, 'peer-first' as const, 'fin' as const),
    peerCloseWaitMs: fc.constantFrom(0, 7, 500),
    binding: fc.constantFrom('early' as const, 'late' as const),
  }),
  caps: fc.record({
    maxPerOrigin: fc.constantFrom(1, 2, 3, unlimited),
    maxTotal: fc.constantFrom(1, 2, 3, 5, unlimited),
    maxIdlePerOrigin: fc.constantFrom(0, 1, 2, unlimited),
  }),
  scheduling: fc.constantFrom('lifo', 'fifo'),
  whims: fc.oneof(fc.constant([]), fc.array(fc.nat(9), { maxLength: 20 })),
  peeks: fc.array(fc.constantFrom<Look>('alive', 'unsure', 'peer_fin'), {
    minLength: 1,
    maxLength: 8,
  }),
  steps: fc.oneof(
    { weight: 3, arbitrary: stepsOf(STEP_NAMES) },
    { weight: 1, arbitrary: stepsOf([...STEP_NAMES, ...RARE_STEP_NAMES]) },
  ),
  drainsFirst: fc.boolean(),
})

/** Takes a step, and checks whatever must hold after it. */
const takeStep = (walk: PoolWalk, name: StepName, choice: number): void => {
  walk.take(name, choice)
  checkInvariants(walk)
  if (name === 'advance') checkNothingDue(walk)
}

it('a pool keeps its promises, whatever its driver does within its effects', () => {
  fc.assert(
    fc.property(plan, (chosen) => {
      const walk = new PoolWalk(chosen)
      for (const [name, choice] of chosen.steps) takeStep(walk, name, choice)
      walk.calmDown()
      if (chosen.drainsFirst) walk.pool.drain(walk.nowMs)
      serveAll(walk)
      walk.pool.drain(walk.nowMs)
      serveAll(walk)
      expect(walk.pool.isEmpty).toBe(true)
      expect(walk.pool.openCount).toBe(0)
    }),
    { numRuns: RUNS },
  )
}, 60_000)
