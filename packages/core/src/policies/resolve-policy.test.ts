import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../errors.ts'
import { type Bounds, describeBounds } from '../options/bounds.ts'
import {
  CHOICES,
  describeChoices,
  describeGroup,
  describeLimit,
  FLAGS,
  GROUPS,
  LIMITS,
} from './limits.ts'
import type { PolicyOptions } from './policy-options.ts'
import { resolvePolicy } from './resolve-policy.ts'

const DEFAULTS = {
  idleTimeoutMs: 55_000,
  maxRequestsPerConnection: Number.POSITIVE_INFINITY,
  maxConnectionAgeMs: 300_000,
  connectionAgeJitter: 0.1,
  serverHintMarginMs: 1000,
  maxQueuedRequests: Number.POSITIVE_INFINITY,
  acquireTimeoutMs: Number.POSITIVE_INFINITY,
  responseTimeoutMs: Number.POSITIVE_INFINITY,
  maxConnectingPerOrigin: Number.POSITIVE_INFINITY,
  minIdlePerOrigin: 0,
  peerCloseWaitMs: 1000,
  learnIdleLimit: true,
  serverHints: 'honor',
  staleCheck: 'peek',
  binding: 'early',
  replay: 'safe',
  trim: 'none',
  closeMode: 'peer-first',
  tcpKeepAlive: { delayMs: 30_000, intervalMs: 5000, probes: 3 },
  addresses: { refreshMs: 30_000, staleMs: 300_000, attemptTimeoutMs: 250, spread: true },
}
const FIELDS = Object.keys(DEFAULTS)
const LIMIT_ENTRIES = Object.entries(LIMITS)
const CHOICE_ENTRIES = Object.entries(CHOICES)
const GROUP_ENTRIES = Object.entries(GROUPS)
const GROUP_MEMBERS = GROUP_ENTRIES.flatMap(([key, { limits }]) =>
  Object.entries(limits).map(([member, limit]) => [key, member, limit] as const),
)

/** Resolves what no type checker would let through. */
const resolveUnchecked = (input: unknown): unknown => resolvePolicy(input as PolicyOptions)

const errorOf = (input: unknown): InvalidOptionError => {
  try {
    resolveUnchecked(input)
  } catch (error) {
    if (error instanceof InvalidOptionError) return error
    throw error
  }
  throw new Error('the input was accepted')
}

const nonNumber = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.bigInt(),
  fc.object(),
  fc.array(fc.integer()),
  fc.constant(null),
  fc.func(fc.integer()),
)

// The filter is for -0, which is another value than 0 but not below it.
const below = (min: number): fc.Arbitrary<number> =>
  fc.double({ max: min, noNaN: true }).filter((value) => value < min)

/** Every number that the limit does not accept. */
const numberBeyond = (limit: Bounds): fc.Arbitrary<number> => {
  const wrong = [fc.constant(Number.NaN), below(limit.min)]
  if (limit.max !== Number.POSITIVE_INFINITY) {
    wrong.push(fc.double({ min: limit.max, minExcluded: true, noNaN: true }))
  }
  if (limit.isInteger) {
    wrong.push(
      fc
        .double({ min: limit.min, max: 1e6, noNaN: true })
        .filter((value) => !Number.isInteger(value)),
    )
  }
  return fc.oneof(...wrong)
}

/** Every number that the limit accepts, both bounds included. */
const numberWithin = (limit: Bounds): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(limit.min, limit.max),
    limit.isInteger
      ? fc.integer({ min: limit.min, max: Math.min(1e6, limit.max) })
      : fc.double({ min: limit.min, max: limit.max, noNaN: true }),
  )

describe('a policy', () => {
  it.each([[undefined], [{}]])('has every default, given %s', (input) => {
    expect(resolvePolicy(input)).toEqual(DEFAULTS)
  })

  it('takes the defaults of the table of limits', () => {
    for (const [key, limit] of LIMIT_ENTRIES) expect(DEFAULTS).toHaveProperty(key, limit.default)
    for (const [key, choice] of CHOICE_ENTRIES) {
      expect(DEFAULTS).toHaveProperty(key, choice.values[0])
    }
  })

  it('is frozen', () => {
    expect(Object.isFrozen(resolvePolicy())).toBe(true)
    expect(Object.isFrozen(resolvePolicy().tcpKeepAlive)).toBe(true)
    expect(Object.isFrozen(resolvePolicy({ idleTimeoutMs: 1 }))).toBe(true)
  })

  it('leaves its input as it was', () => {
    const input = Object.freeze({ idleTimeoutMs: 5, staleCheck: 'none' } as const)
    expect(resolvePolicy(input)).toEqual({ ...DEFAULTS, ...input })
    expect(input).toEqual({ idleTimeoutMs: 5, staleCheck: 'none' })
  })

  it.each(FIELDS)('counts %s as left out where it is undefined', (key) => {
    expect(resolveUnchecked({ [key]: undefined })).toEqual(DEFAULTS)
  })

  it.each(LIMIT_ENTRIES)('takes any %s within its bounds', (key, limit) => {
    fc.assert(
      fc.property(numberWithin(limit), (value) => {
        expect(resolveUnchecked({ [key]: value })).toEqual({ ...DEFAULTS, [key]: value })
      }),
    )
  })

  it.each(
    CHOICE_ENTRIES.flatMap(([key, { values }]) => values.map((value) => [key, value] as const)),
  )('takes %s %s', (key, value) => {
    expect(resolveUnchecked({ [key]: value })).toEqual({ ...DEFAULTS, [key]: value })
  })
})

describe.each(GROUP_ENTRIES)('%s', (key, group) => {
  const names = [...Object.keys(group.limits), ...Object.keys(group.flags)]
  const defaults = {
    ...Object.fromEntries(
      Object.entries(group.limits).map(([member, limit]) => [member, limit.default]),
    ),
    ...group.flags,
  }

  it('has every default where it is an empty object', () => {
    expect(resolveUnchecked({ [key]: {} })).toEqual({ ...DEFAULTS, [key]: defaults })
  })

  it('can be switched off', () => {
    expect(resolveUnchecked({ [key]: false })).toEqual({ ...DEFAULTS, [key]: false })
  })

  it.each(Object.entries(group.limits))('takes any %s within its bounds', (member, limit) => {
    fc.assert(
      fc.property(fc.option(numberWithin(limit), { nil: undefined }), (value) => {
        const expected = { ...defaults, [member]: value ?? limit.default }
        expect(resolveUnchecked({ [key]: { [member]: value } })).toEqual({
          ...DEFAULTS,
          [key]: expected,
        })
      }),
    )
  })

  it('takes its flags, and nothing else for them', () => {
    for (const [member, fallback] of Object.entries(group.flags)) {
      expect(resolveUnchecked({ [key]: { [member]: !fallback } })).toHaveProperty(
        [key, member],
        !fallback,
      )
      expect(errorOf({ [key]: { [member]: 'yes' } })).toMatchObject({
        code: 'ERR_HOLDFAST_INVALID_OPTION',
        key: `policy.${key}.${member}`,
        allowed: 'true or false',
      })
    }
  })

  it('refuses anything but an object or false', () => {
    const other = fc.oneof(
      fc.constantFrom(null, true),
      fc.string(),
      fc.double(),
      fc.array(fc.integer()),
      fc.func(fc.integer()),
    )
    fc.assert(
      fc.property(other, (value) => {
        expect(errorOf({ [key]: value })).toMatchObject({
          code: 'ERR_HOLDFAST_INVALID_OPTION',
          key: `policy.${key}`,
          value,
          allowed: describeGroup(group),
        })
      }),
    )
  })

  it('refuses a member that it does not know', () => {
    const unknown = fc.oneof(fc.string(), fc.constantFrom('toString', '__proto__'))
    fc.assert(
      fc.property(
        unknown.filter((name) => !names.includes(name)),
        fc.anything().filter((value) => value !== undefined),
        (name, value) => {
          const error = errorOf({ [key]: Object.fromEntries([[name, value]]) })
          expect(error.key).toBe(`policy.${key}.${name}`)
          expect(error.message).toMatch(/^policy\..* must be (?:left out: |spelt policy\.)/su)
        },
      ),
    )
  })
})

it.each(GROUP_MEMBERS)(
  'a policy refuses any %s.%s that is no number or out of bounds',
  (key, member, limit) => {
    fc.assert(
      fc.property(fc.oneof(nonNumber, numberBeyond(limit)), (value) => {
        expect(errorOf({ [key]: { [member]: value } })).toMatchObject({
          code: 'ERR_HOLDFAST_INVALID_OPTION',
          key: `policy.${key}.${member}`,
          value,
          allowed: describeBounds(limit),
        })
      }),
    )
  },
)

it.each(Object.keys(FLAGS))('a policy refuses any %s that is neither true nor false', (key) => {
  const other = fc.oneof(fc.constantFrom(0, 1, null, 'true'), fc.string(), fc.object(), fc.double())
  fc.assert(
    fc.property(other, (value) => {
      expect(errorOf({ [key]: value })).toMatchObject({
        code: 'ERR_HOLDFAST_INVALID_OPTION',
        key: `policy.${key}`,
        value,
        allowed: 'true or false',
      })
    }),
  )
})

describe('a policy refuses', () => {
  it.each(LIMIT_ENTRIES)('any %s that is no number or out of bounds', (key, limit) => {
    fc.assert(
      fc.property(fc.oneof(nonNumber, numberBeyond(limit)), (value) => {
        expect(errorOf({ [key]: value })).toMatchObject({
          name: 'InvalidOptionError',
          code: 'ERR_HOLDFAST_INVALID_OPTION',
          key: `policy.${key}`,
          value,
          allowed: describeLimit(limit),
          message: expect.stringContaining(`policy.${key} must be ${describeLimit(limit)}, got `),
        })
      }),
    )
  })

  it.each(CHOICE_ENTRIES)('any %s that is not one of its values', (key, { values }) => {
    const other = fc
      .oneof(nonNumber, fc.double(), fc.constantFrom('PEEK', '', ' peek', 'constructor'))
      .filter((value) => !values.includes(value as string))
    fc.assert(
      fc.property(other, (value) => {
        expect(errorOf({ [key]: value })).toMatchObject({
          code: 'ERR_HOLDFAST_INVALID_OPTION',
          key: `policy.${key}`,
          value,
          message: expect.stringContaining(`policy.${key} must be ${describeChoices(values)}`),
        })
      }),
    )
  })

  it('any key that it does not know, whatever its value', () => {
    const unknown = fc.oneof(
      fc.string().filter((key) => !FIELDS.includes(key)),
      fc.constantFrom('IdleTimeoutMs', 'idleTimeout', 'toString', '__proto__', 'constructor'),
    )
    const given = fc.anything().filter((value) => value !== undefined)
    fc.assert(
      fc.property(unknown, given, (key, value) => {
        const input = Object.fromEntries([[key, value]])
        const error = errorOf(input)
        expect(error.code).toBe('ERR_HOLDFAST_INVALID_OPTION')
        expect(error.key).toBe(`policy.${key}`)
        expect(error.value).toBe(input[key])
        expect(error.message).toMatch(/^policy\..* must be (?:left out: |spelt policy\.)/su)
      }),
    )
  })

  it('anything but an object', () => {
    const input = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.array(fc.anything()),
      fc.func(fc.integer()),
      fc.constant(Symbol('policy')),
    )
    fc.assert(
      fc.property(input, (value) => {
        const error = errorOf(value)
        expect(error.code).toBe('ERR_HOLDFAST_INVALID_OPTION')
        expect(error.key).toBe('policy')
        expect(error.value).toBe(value)
        expect(error.message).toContain('policy must be an object, got ')
      }),
    )
  })
})

it.each([
  ['idleTimeout', 'spelt policy.idleTimeoutMs'],
  ['IdleTimeoutMs', 'spelt policy.idleTimeoutMs'],
  ['maxRequestPerConnection', 'spelt policy.maxRequestsPerConnection'],
  ['freeSocketTimeout', 'left out: use policy.idleTimeoutMs'],
  ['keepAliveTimeout', 'left out: use policy.idleTimeoutMs'],
  ['clientTtl', 'left out: use policy.maxConnectionAgeMs'],
  ['toString', 'left out: there is no such option'],
])('a policy refuses %s, and says what it is here', (key, allowed) => {
  expect(errorOf({ [key]: 5 }).message).toBe(`policy.${key} must be ${allowed}, got 5`)
})

it.each([
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  ['55s', '"55s"'],
  [5n, '5n'],
  [true, 'true'],
  [null, 'null'],
  [Symbol('soon'), 'Symbol(soon)'],
  [() => 5, 'a function'],
  [[5], 'an array'],
  [{ ms: 5 }, 'an object'],
  [Object.create(null), 'an object'],
])('the message shows the value %o as %s', (value, shown) => {
  expect(errorOf({ idleTimeoutMs: value }).message).toBe(
    `policy.idleTimeoutMs must be a number from 1, or Infinity, got ${shown}`,
  )
})
