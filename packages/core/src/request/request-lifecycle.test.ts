import { describe, expect, it } from 'vitest'
import { TestRequest } from '../../test/test-request.ts'
import type { IllegalTransitionError } from '../errors.ts'
import { resolvePolicy } from '../policies/resolve-policy.ts'
import {
  REQUEST_EVENTS,
  REQUEST_STATE_NAMES,
  REQUEST_STATES,
  REQUEST_TRANSITIONS,
  type RequestEvent,
  type RequestStateName,
} from './request-lifecycle.ts'
import { type IllegalMoveListener, RequestRegistry } from './request-registry.ts'

const NOW_MS = 1000

const FRESH = { id: 1, isReused: false, isDated: false, createdAtMs: 0, openedAtMs: 0 }
const DATED = { ...FRESH, isReused: true, isDated: true }

type TestRegistry = RequestRegistry<TestRequest>

const lose = (registry: TestRegistry, request: TestRequest, isUnwritten: boolean): void => {
  registry.lose(request, DATED, { isUnwritten, isRepeatable: true }, NOW_MS)
}

/** How the registry hears of each event. */
const TELL: Readonly<Record<RequestEvent, (registry: TestRegistry, request: TestRequest) => void>> =
  {
    queued: (registry, request) => registry.queue(request, NOW_MS),
    granted: (registry, request) => registry.grant(request, DATED, NOW_MS),
    doubted: (registry, request) => registry.check(request),
    passed: (registry, request) => registry.pass(request),
    completed: (registry, request) => registry.complete(request),
    answered: (registry, request) => registry.answer(request, NOW_MS),
    served: (registry, request) => registry.end(request, NOW_MS),
    moved: (registry, request) => lose(registry, request, true),
    resent: (registry, request) => lose(registry, request, false),
    lost: (registry, request) => registry.fail(request),
    aborted: (registry, request) => registry.abort(request, NOW_MS),
    rejected: (registry, request) => registry.reject(request, NOW_MS),
  }

/** A way from the beginning of a life to each state. */
const WAY_TO: Readonly<Record<RequestStateName, readonly RequestEvent[]>> = {
  asked: [],
  waiting: ['queued'],
  granted: ['granted'],
  checking: ['granted', 'doubted'],
  sending: ['granted', 'passed'],
  sent: ['granted', 'passed', 'completed'],
  answering: ['granted', 'passed', 'completed', 'answered'],
  done: ['granted', 'passed', 'completed', 'answered', 'served'],
  failed: ['granted', 'lost'],
  aborted: ['aborted'],
  rejected: ['rejected'],
}

/** What is told in every state, and decides itself whether there is a move. */
const DECIDED: readonly RequestEvent[] = ['served', 'moved', 'resent', 'lost']

const registryOf = (onIllegalMove?: IllegalMoveListener): TestRegistry =>
  new RequestRegistry(resolvePolicy(), onIllegalMove)

const requestIn = (state: RequestStateName): TestRequest => {
  const registry = registryOf()
  const request = new TestRequest('r')
  for (const event of WAY_TO[state]) TELL[event](registry, request)
  return request
}

const PAIRS = REQUEST_STATE_NAMES.flatMap((state) =>
  REQUEST_EVENTS.map((event) => ({ state, event, next: REQUEST_TRANSITIONS[state][event] })),
)
const LEGAL = PAIRS.flatMap(({ state, event, next }) =>
  next === undefined ? [] : [{ state, event, next }],
)
const REFUSED = PAIRS.filter(({ event, next }) => next === undefined && !DECIDED.includes(event))

const ENDS = ['done', 'failed', 'aborted', 'rejected'] as const

describe('the table of a request’s moves', () => {
  it('knows every state and event', () => {
    expect(PAIRS).toHaveLength(11 * 12)
    for (const moves of Object.values(REQUEST_TRANSITIONS)) {
      expect(REQUEST_EVENTS).toEqual(expect.arrayContaining(Object.keys(moves)))
    }
  })

  it('ends where its caller hears the last of it, and nowhere else', () => {
    const ends = REQUEST_STATE_NAMES.filter((name) => REQUEST_STATES[name].isEnd)
    expect(ends).toEqual(ENDS)
  })

  it.each(REQUEST_STATE_NAMES)('leads from the beginning to %s', (state) => {
    expect(requestIn(state).stateName).toBe(state)
  })

  it.each(PAIRS)('is linked as it is written: $state, $event', ({ state, event, next }) => {
    expect(REQUEST_STATES[state][event]?.name).toBe(next)
  })

  it.each(REQUEST_STATE_NAMES)(
    'knows of %s whether it has a connection by what may follow',
    (state) => {
      const hasConnection = ['granted', 'checking', 'sending', 'sent', 'answering'].includes(state)
      expect(REQUEST_TRANSITIONS[state].lost !== undefined).toBe(hasConnection)
      const isUnwritten = state === 'granted' || state === 'checking'
      expect(REQUEST_TRANSITIONS[state].passed !== undefined).toBe(isUnwritten)
      expect(REQUEST_TRANSITIONS[state].served !== undefined).toBe(state === 'answering')
    },
  )
})

describe('the registry of requests', () => {
  it.each(LEGAL)('moves a request from $state by $event to $next', ({ state, event, next }) => {
    const request = requestIn(state)
    TELL[event](registryOf(), request)
    expect(request.state).toBe(REQUEST_STATES[next])
  })

  it.each(REFUSED)('throws at $event of a request that is $state', ({ state, event }) => {
    const request = requestIn(state)
    const before = { ...request }
    expect(() => TELL[event](registryOf(), request)).toThrow(
      expect.objectContaining({
        code: 'ERR_HOLDFAST_ILLEGAL_TRANSITION',
        message: `request is ${state} and cannot be ${event}`,
      }),
    )
    expect({ ...request }).toEqual(before)
  })

  it.each(REFUSED)('only reports it to a listener: $event of one that is $state', (pair) => {
    const errors: IllegalTransitionError[] = []
    const request = requestIn(pair.state)
    const before = { ...request }
    TELL[pair.event](
      registryOf((error) => errors.push(error)),
      request,
    )
    expect(errors.map(({ message }) => message)).toEqual([
      `request is ${pair.state} and cannot be ${pair.event}`,
    ])
    expect({ ...request }).toEqual(before)
  })
})

describe('the registry, which decides what a report means,', () => {
  it.each(ENDS)(
    'leaves a request alone that is %s, whatever becomes of its connection',
    (state) => {
      const request = requestIn(state)
      const before = { ...request }
      for (const event of DECIDED) TELL[event](registryOf(), request)
      expect({ ...request }).toEqual(before)
    },
  )

  it.each(['asked', 'waiting'] as const)(
    'takes no connection from a request that is %s',
    (state) => {
      const request = requestIn(state)
      lose(registryOf(), request, true)
      expect(request.stateName).toBe(state)
      expect(() => registryOf().fail(request)).toThrow(`request is ${state} and cannot be lost`)
    },
  )

  it.each(['granted', 'checking', 'sending', 'sent'] as const)(
    'finds a request aborted that is %s and gives its connection back',
    (state) => {
      const request = requestIn(state)
      registryOf().end(request, NOW_MS)
      expect(request.stateName).toBe('aborted')
    },
  )

  it.each([
    ['granted', 'waiting', 'waiting'],
    ['checking', 'waiting', 'waiting'],
    ['sending', 'waiting', 'failed'],
    ['sent', 'waiting', 'waiting'],
    ['answering', 'failed', 'failed'],
  ] as const)(
    'finds a request that was %s and loses its connection %s, or %s where it was written to',
    (state, unwritten, written) => {
      const request = requestIn(state)
      lose(registryOf(), request, true)
      expect(request.stateName).toBe(unwritten)
      const other = requestIn(state)
      lose(registryOf(), other, false)
      expect(other.stateName).toBe(written)
      expect(other.isResent).toBe(state === 'sent')
    },
  )
})
