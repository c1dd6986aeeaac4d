import { describe, expect, it } from 'vitest'
import { afterLoss, type LossFacts, type LossVerdict } from './after-loss.ts'

const REPLAYS = ['safe', 'idempotent', 'never'] as const
type Replay = (typeof REPLAYS)[number]

/** What each policy covers, by method; the second list has an `Idempotency-Key`, too. */
const METHODS: Readonly<Record<string, readonly Replay[]>> = {
  GET: ['safe', 'idempotent'],
  HEAD: ['safe', 'idempotent'],
  OPTIONS: ['safe', 'idempotent'],
  TRACE: ['safe', 'idempotent'],
  QUERY: ['safe', 'idempotent'],
  PUT: ['idempotent'],
  DELETE: ['idempotent'],
  POST: [],
  PATCH: [],
  CONNECT: [],
  get: [],
}

const BOTH = [false, true] as const

/** Each of the rows with each of the values under the name. */
const crossed = <Row, Name extends string, Value>(
  rows: readonly Row[],
  name: Name,
  values: readonly Value[],
): (Row & Record<Name, Value>)[] =>
  rows.flatMap((row) =>
    values.map((value) => ({ ...row, [name]: value }) as Row & Record<Name, Value>),
  )

/** Every combination of what can be known of a loss. */
const everything = (): readonly LossFacts[] => {
  const requests = crossed([{}], 'method', Object.keys(METHODS))
  const keyed = crossed(requests, 'hasIdempotencyKey', BOTH)
  const dated = crossed(crossed(keyed, 'isDated', BOTH), 'isDoomed', BOTH)
  const written = crossed(crossed(dated, 'isUnwritten', BOTH), 'isComplete', BOTH)
  const answered = crossed(crossed(written, 'isAnswered', BOTH), 'isResent', BOTH)
  return crossed(answered, 'freshMoveCount', [0, 1, 2])
}

interface Rule {
  readonly holds: (facts: LossFacts, replay: Replay) => boolean
  readonly verdict: LossVerdict
}

const covers = ({ hasIdempotencyKey, method }: LossFacts, replay: Replay): boolean =>
  hasIdempotencyKey ? replay !== 'never' : METHODS[method]?.includes(replay) === true

/** The table of what is promised, a line a rule; the first that holds decides. */
const RULES: readonly Rule[] = [
  { holds: ({ isDoomed }) => isDoomed, verdict: 'fail' },
  { holds: ({ isAnswered }) => isAnswered, verdict: 'fail' },
  { holds: ({ isDated, isUnwritten }) => isUnwritten && isDated, verdict: 'move' },
  {
    holds: ({ freshMoveCount, isUnwritten }) => isUnwritten && freshMoveCount === 0,
    verdict: 'move',
  },
  {
    holds: (facts, replay) =>
      !facts.isUnwritten &&
      facts.isDated &&
      facts.isComplete &&
      !facts.isResent &&
      covers(facts, replay),
    verdict: 'resend',
  },
  { holds: () => true, verdict: 'fail' },
]

describe.each(REPLAYS)('with replay %s', (replay) => {
  it('a request that loses its connection fares as the table says, whatever is known', () => {
    let count = 0
    for (const facts of everything()) {
      const rule = RULES.find(({ holds }) => holds(facts, replay))
      expect(afterLoss(facts, { replay }), JSON.stringify(facts)).toBe(rule?.verdict)
      count++
    }
    expect(count).toBe(11 * 2 ** 7 * 3)
  })

  it('no request that may have arrived goes on but one that is covered, complete and unanswered', () => {
    for (const facts of everything()) {
      if (facts.isUnwritten || afterLoss(facts, { replay }) === 'fail') continue
      expect(facts).toMatchObject({ isComplete: true, isAnswered: false, isResent: false })
      expect(covers(facts, replay), JSON.stringify(facts)).toBe(true)
    }
  })
})

it('asks for the key of a request only where nothing else decides', () => {
  let askedCount = 0
  const lost = (method: string): LossVerdict =>
    afterLoss(
      {
        method,
        get hasIdempotencyKey(): boolean {
          askedCount++
          return true
        },
        isDated: true,
        isDoomed: false,
        isUnwritten: false,
        isComplete: true,
        isAnswered: false,
        isResent: false,
        freshMoveCount: 0,
      },
      { replay: 'safe' },
    )
  expect(lost('GET')).toBe('resend')
  expect(askedCount).toBe(0)
  expect(lost('PUT')).toBe('resend')
  expect(askedCount).toBe(1)
})
