import { describe, expect, it } from 'vitest'
import { PoolHarness } from '../../test/pool-harness.ts'
import type { TestConnection } from '../../test/recording-effects.ts'
import { targetOf } from '../../test/target-of.ts'
import type { TestRequest } from '../../test/test-request.ts'
import { IllegalTransitionError } from '../errors.ts'
import { IdleLimits } from './idle-limits.ts'
import {
  createStateCounts,
  LIFECYCLE_EVENTS,
  type LifecycleEvent,
  STATE_NAMES,
  STATES,
  type StateName,
  TRANSITIONS,
} from './lifecycle.ts'
import { Registry } from './registry.ts'

const NOW_MS = 1000

type TestRegistry = Registry<undefined, TestRequest>

/** How the registry is told of each event. */
const TELL_REGISTRY: Readonly<
  Record<LifecycleEvent, (registry: TestRegistry, connection: TestConnection) => void>
> = {
  opened: (registry, connection) => registry.open(connection, NOW_MS),
  leased: (registry, connection) => registry.lease(connection),
  released: (registry, connection) => registry.release(connection, NOW_MS),
  retired: (registry, connection) => registry.retire(connection, 'max_age', NOW_MS),
  lingered: (registry, connection) => registry.linger(connection, 'max_age', NOW_MS),
  aborted: (registry, connection) => registry.abort(connection, 'aborted'),
  detached: (registry, connection) => registry.detach(connection, NOW_MS),
  failed: (registry, connection) => registry.fail(connection, NOW_MS),
  closed: (registry, connection) => registry.close(connection, 'peer_fin', NOW_MS),
}

/** A way from the beginning of a life to each state. */
const WAY_TO: Readonly<Record<StateName, readonly LifecycleEvent[]>> = {
  connecting: [],
  idle: ['opened'],
  leased: ['opened', 'leased'],
  draining: ['opened', 'leased', 'retired'],
  lingering: ['opened', 'lingered'],
  closing: ['opened', 'retired'],
  closed: ['opened', 'closed'],
}

/** A dial that failed is one that never opened, also where it was given up before. */
const wayTo = (state: StateName, event: LifecycleEvent): readonly LifecycleEvent[] =>
  state === 'closing' && event === 'failed' ? ['retired'] : WAY_TO[state]

const connectionIn = (
  state: StateName,
  event: LifecycleEvent,
): { readonly registry: TestRegistry; readonly connection: TestConnection } => {
  const registry: TestRegistry = new Registry(undefined, new IdleLimits())
  const connection = registry.add(registry.originOf(targetOf('a')), 0, 0)
  for (const step of wayTo(state, event)) TELL_REGISTRY[step](registry, connection)
  return { registry, connection }
}

/** The events that the pool takes from its driver for a certain connection, and how. */
const TELL_POOL = {
  opened: (harness: PoolHarness) => harness.open(1),
  released: (harness: PoolHarness) => harness.release(1),
  detached: (harness: PoolHarness) => harness.detach(1),
  failed: (harness: PoolHarness) => harness.fail(1),
  closed: (harness: PoolHarness) => harness.closed(1),
} as const

type PoolEventName = keyof typeof TELL_POOL

/** A pool whose connection 1 is in the given state, and nobody waits. */
const harnessIn = (state: StateName, event?: LifecycleEvent): PoolHarness => {
  const mayLinger = (): boolean => state === 'lingering'
  const harness = new PoolHarness({ reactions: { mayLinger } })
  if (state === 'connecting') harness.warm(1)
  else harness.await('r')
  if (state === 'closing' && event === 'failed') {
    harness.destroy()
    return harness
  }
  if (state !== 'connecting') harness.open(1)
  const isClosing = state === 'lingering' || state === 'closing'
  if (state === 'idle' || isClosing) harness.release(1)
  if (state === 'draining' || isClosing) harness.retire(1, 'max_age')
  if (state === 'closed') harness.closed(1)
  harness.begin()
  return harness
}

const PAIRS = STATE_NAMES.flatMap((state) =>
  LIFECYCLE_EVENTS.map((event) => ({ state, event, next: TRANSITIONS[state][event] })),
)
const LEGAL = PAIRS.flatMap(({ state, event, next }) =>
  next === undefined ? [] : [{ state, event, next }],
)
const ILLEGAL = PAIRS.filter(({ next }) => next === undefined)
const isOfPool = <Pair extends { event: LifecycleEvent }>(
  pair: Pair,
): pair is Pair & { event: PoolEventName } => pair.event in TELL_POOL

const reachedFrom = (state: StateName): Set<StateName> => {
  const reached = new Set([state])
  for (const name of reached) {
    for (const next of Object.values(TRANSITIONS[name])) reached.add(next)
  }
  return reached
}

describe('the table of legal moves', () => {
  it('knows every state and event', () => {
    expect(PAIRS).toHaveLength(7 * 9)
    for (const moves of Object.values(TRANSITIONS)) {
      expect(LIFECYCLE_EVENTS).toEqual(expect.arrayContaining(Object.keys(moves)))
    }
  })

  it('leads from the beginning to every state', () => {
    expect(reachedFrom('connecting')).toEqual(new Set(STATE_NAMES))
  })

  it.each(STATE_NAMES)('leads from %s to the end', (state) => {
    expect(reachedFrom(state)).toContain('closed')
  })

  it.each(PAIRS)('is linked as it is written: $state, $event', ({ state, event, next }) => {
    expect(STATES[state][event]?.name).toBe(next)
  })

  it('gives each state a counter of its own', () => {
    expect(STATE_NAMES.map((name) => STATES[name].index)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(createStateCounts()).toEqual(new Int32Array(STATE_NAMES.length))
  })
})

describe('the registry', () => {
  it.each(LEGAL)('moves a connection from $state by $event to $next', ({ state, event, next }) => {
    const { registry, connection } = connectionIn(state, event)
    expect(connection.stateName).toBe(state)
    TELL_REGISTRY[event](registry, connection)
    expect(connection.state).toBe(STATES[next])
    const isGone = next === 'closed'
    expect(registry.openCount).toBe(isGone ? 0 : 1)
    expect(connection.origin.connections.has(connection)).toBe(!isGone)
    for (const name of STATE_NAMES) {
      expect(connection.origin.counts[STATES[name].index]).toBe(name === next ? 1 : 0)
    }
  })

  it.each(ILLEGAL)('moves no connection from $state by $event', ({ state, event }) => {
    const { registry, connection } = connectionIn(state, event)
    const before = registry.stats(0, 0)
    const { openCount } = registry
    expect(() => TELL_REGISTRY[event](registry, connection)).toThrow(
      expect.objectContaining({
        name: 'IllegalTransitionError',
        code: 'ERR_HOLDFAST_ILLEGAL_TRANSITION',
        message: `connection 1 is ${state} and cannot be ${event}`,
      }),
    )
    expect(connection.stateName).toBe(state)
    expect(registry.stats(0, 0)).toEqual(before)
    expect(registry.openCount).toBe(openCount)
  })
})

describe('the pool', () => {
  it.each(LEGAL.filter(isOfPool))('takes $event of a connection that is $state', (pair) => {
    const harness = harnessIn(pair.state, pair.event)
    expect(harness.stateOf(1)).toBe(pair.state)
    TELL_POOL[pair.event](harness)
    expect(harness.stateOf(1)).toBe(pair.next)
  })

  it.each(ILLEGAL.filter(isOfPool))(
    'throws at $event of a connection that is $state, and nothing has changed',
    ({ state, event }) => {
      const harness = harnessIn(state)
      const before = harness.stats
      const { openCount } = harness.pool
      expect(() => TELL_POOL[event](harness)).toThrow(IllegalTransitionError)
      expect(harness.stateOf(1)).toBe(state)
      expect(harness.stats).toEqual(before)
      expect(harness.pool.openCount).toBe(openCount)
      expect(harness.takeLog()).toEqual([])
      expect(harness.takeEvents()).toEqual([])
    },
  )

  it.each<[string, (harness: PoolHarness) => void, PoolEventName]>([
    ['never opened', (harness) => harness.await('r'), 'closed'],
    ['had opened', (harness) => harness.makeLeased('r'), 'failed'],
  ])(
    'throws where a connection that %s and was destroyed ends the other way',
    (_, begin, event) => {
      const harness = new PoolHarness()
      begin(harness)
      harness.destroy()
      const before = harness.stats
      expect(() => TELL_POOL[event](harness)).toThrow(
        `connection 1 is closing and cannot be ${event}`,
      )
      expect(harness.stats).toEqual(before)
    },
  )

  it.each(STATE_NAMES)('never asks for an illegal move itself: %s', (state) => {
    const moves = TRANSITIONS[state]
    const retired = harnessIn(state)
    retired.retire(1, 'max_age')
    const isRetired = state === 'idle' || state === 'leased'
    const next = isRetired ? moves.retired : state
    expect(retired.stateOf(1)).toBe(state === 'lingering' ? moves.aborted : next)

    const destroyed = harnessIn(state)
    destroyed.destroy()
    expect(destroyed.stateOf(1)).toBe(state === 'closed' ? 'closed' : 'closing')

    const leased = harnessIn(state)
    leased.lease('another')
    expect(leased.stateOf(1)).toBe(moves.leased ?? state)
  })
})
