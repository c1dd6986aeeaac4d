import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ANSWER,
  counted,
  endedIdle,
  exchangesOf,
  LAST_ANSWER,
  observationsOf,
  openIdle,
  recordOf,
} from '../../../test/probe-records.ts'
import type { Observations } from '../observing/observation.ts'
import { findAll } from './find-all.ts'

const find = (some: Partial<Observations>): ReturnType<typeof findAll> =>
  findAll(observationsOf(some))

describe('the idle limit', () => {
  it('is between the shortest and the longest that was seen', () => {
    const idle = [endedIdle(3004), endedIdle(3001), openIdle(2000)]

    expect(find({ idle }).idle).toEqual({
      kind: 'closed',
      shortestMs: 3001,
      longestMs: 3004,
      connections: 2,
    })
  })

  it('is not seen where the longest wait was answered', () => {
    expect(find({ idle: [openIdle(80_000), openIdle(40_000)] }).idle).toEqual({
      kind: 'open',
      forMs: 80_000,
    })
  })

  it('is the time that was waited where the probe was interrupted', () => {
    expect(find({ idle: [openIdle(12_000, null)], interrupted: true }).idle).toEqual({
      kind: 'open',
      forMs: 12_000,
    })
  })

  it.each(['reset', 'silent'] as const)(
    'lies between what was answered and what was lost by %s',
    (kind) => {
      const lost = { kind, code: null }
      const idle = [openIdle(80, lost), openIdle(40, lost), openIdle(20)]

      expect(find({ idle }).idle).toEqual({ kind: 'forgotten', openForMs: 20, atMostMs: 40 })
      expect(find({ idle }).closes.how).toBe('silent')
    },
  )

  it('is reached where the FIN comes as the connection is asked again', () => {
    const { idle, closes } = find({ idle: [openIdle(2000, { kind: 'fin', code: null })] })

    expect(idle).toMatchObject({ kind: 'closed', shortestMs: 2000 })
    expect(closes.how).toBe('fin')
  })

  it('does not exist where the first response is the last', () => {
    expect(find({ idle: [endedIdle(0.3, 'fin', LAST_ANSWER)] }).idle).toEqual({
      kind: 'single-use',
    })
  })

  it('differs between servers behind one address', () => {
    expect(find({ idle: [endedIdle(3000), openIdle(40_000)] }).notes).toEqual([
      'idle connections did not all last equally long: more than one server?',
    ])
  })
})

describe('how idle connections close', () => {
  it.each(['fin', 'reset'] as const)('is by %s', (how) => {
    expect(find({ idle: [endedIdle(3000, how)] }).closes).toEqual({
      first: 'server',
      how,
      lateRequest: null,
    })
  })

  it('is as rough as the roughest', () => {
    expect(find({ idle: [endedIdle(3000), endedIdle(3000, 'reset')] }).closes.how).toBe('reset')
  })

  it('is not known of those that stay open', () => {
    expect(find({ idle: [openIdle(80_000)] }).closes).toEqual({
      first: null,
      how: null,
      lateRequest: null,
    })
  })
})

describe('the request cap', () => {
  it('is where two connections end at the same number', () => {
    const two = [counted(7, { last: LAST_ANSWER }), counted(7, { last: LAST_ANSWER, everyMs: 25 })]

    expect(find({ counted: two }).requests).toEqual({
      kind: 'cap',
      served: 7,
      announced: true,
      afterwards: 'fin',
      connections: 2,
    })
  })

  it('may leave the close to the client', () => {
    const one = counted(9, { last: LAST_ANSWER, ends: false })

    expect(find({ counted: [one] }).requests).toMatchObject({ served: 9, afterwards: 'nothing' })
  })

  it('is an age where twice the rate serves twice as many', () => {
    const two = [counted(61), counted(121, { everyMs: 25 })]

    expect(find({ counted: two }).requests).toEqual({
      kind: 'age',
      shortestMs: 3002,
      served: [61, 121],
    })
  })

  it('is unclear where neither number nor age agrees', () => {
    const two = [counted(10), counted(11, { everyMs: 25 })]

    expect(find({ counted: two }).requests).toMatchObject({ kind: 'unclear', served: [10, 11] })
  })

  it('is unclear where the pauses come near the idle limit', () => {
    expect(find({ idle: [endedIdle(90)], counted: [counted(2)] }).requests).toMatchObject({
      kind: 'unclear',
      served: [2],
    })
  })

  it('is not seen where the connection lasts', () => {
    expect(find({ counted: [counted(110, { ends: false })] }).requests).toEqual({
      kind: 'none-seen',
      served: 110,
    })
  })

  it('is one where the first response is the last', () => {
    expect(find({ counted: [counted(1, { last: LAST_ANSWER })] }).requests).toEqual({
      kind: 'single-use',
    })
  })
})

describe('the hint', () => {
  const hinting = (keepAlive: string): typeof ANSWER => ({ ...ANSWER, keepAlive })

  it.each([
    ['earlier', 'timeout=5', endedIdle(2000)],
    ['as-announced', 'timeout=5', endedIdle(4751)],
    ['as-announced', 'timeout=5', endedIdle(5249)],
    ['later', 'timeout=5', endedIdle(6001)],
    ['later', 'timeout=5', openIdle(10_000)],
    ['unknown', 'timeout=5', openIdle(3000)],
    ['unknown', 'max=5', endedIdle(3000)],
    ['earlier', 'timeout=5', openIdle(4000, { kind: 'silent', code: null })],
  ] as const)('ends connections %s: %s', (verdict, text, wait) => {
    const connection = { ...wait.connection, exchanges: exchangesOf([hinting(text)]) }

    expect(find({ idle: [{ ...wait, connection }] }).hint.timeoutVerdict).toBe(verdict)
  })

  it.each([
    ['as-announced', 6, 5],
    ['as-announced', 5, 5],
    ['fewer', 4, 5],
    ['more', 7, 5],
  ] as const)('is %s where %d are served and max=%d', (verdict, served, max) => {
    const answer = hinting(`max=${max}`)

    expect(find({ counted: [counted(served, { answer })] }).hint.maxVerdict).toBe(verdict)
  })

  it('tells a number that counts down from one that stays', () => {
    const down = [3, 2, 1].map((max) => hinting(`max=${max}`))
    const ending = { how: 'fin', atMs: 500 } as const

    expect(find({ counted: [recordOf(exchangesOf(down), ending)] }).hint.maxCounts).toBe('down')
    expect(find({ counted: [counted(3, { answer: hinting('max=3') })] }).hint.maxCounts).toBe('not')
  })

  it.each([
    ['always', 'timeout=5', 'timeout=5'],
    ['on-request', 'timeout=5', null],
    ['never', null, null],
  ])('comes %s', (habit, asked, unasked) => {
    const answers = [asked, unasked].map((keepAlive) => ({ ...ANSWER, keepAlive }))
    const connection = recordOf(exchangesOf(answers), null)

    expect(find({ counted: [connection] }).hint.habit).toBe(habit)
  })
})

describe('a request that says Connection: close', () => {
  const closing = (ending: Parameters<typeof recordOf>[1], answer = LAST_ANSWER): Observations =>
    observationsOf({ closing: recordOf(exchangesOf([answer]), ending, 2001) })

  it('is followed by the close', () => {
    expect(findAll(closing({ how: 'fin', atMs: 4 })).closeRequest).toEqual({
      kind: 'closed',
      how: 'fin',
      afterMs: 3,
      announced: true,
    })
  })

  it('is ignored', () => {
    expect(findAll(closing(null, ANSWER)).closeRequest).toEqual({
      kind: 'stays-open',
      forMs: 2000,
      announced: false,
    })
  })
})

it('names what stands between the probe and the answer', () => {
  const redirected = { ...ANSWER, status: 301, location: 'https://other.example/' }
  const idle = [endedIdle(3000, 'fin', redirected)]

  expect(find({ idle, refusals: ['a further connection got no answer'] }).notes).toEqual([
    'status 301 leads to https://other.example/: this is the server that redirects, probe that one, too',
    'further connections: a further connection got no answer',
  ])
})

it('never finds a connection to last longer than it was seen to', () => {
  const time = fc.integer({ min: 1, max: 90_000 })
  const lost = { kind: 'silent', code: null } as const
  fc.assert(
    fc.property(
      fc.array(time, { maxLength: 3 }),
      fc.array(time, { maxLength: 3 }),
      fc.array(time, { minLength: 1, maxLength: 3 }),
      (ended, forgotten, open) => {
        const closed = ended.map((ms) => endedIdle(ms))
        const waits = [
          ...forgotten.map((ms) => openIdle(ms, lost)),
          ...open.map((ms) => openIdle(ms)),
        ]

        expect(find({ idle: waits }).idle).toMatchObject(
          forgotten.length > 0
            ? { kind: 'forgotten', atMostMs: Math.min(...forgotten) }
            : { kind: 'open', forMs: Math.max(...open) },
        )
        expect(find({ idle: [...waits, ...closed] }).idle).toMatchObject(
          ended.length > 0 ? { kind: 'closed', shortestMs: Math.min(...ended) } : {},
        )
      },
    ),
  )
})
