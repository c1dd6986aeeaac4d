import fc from 'fast-check'
import { expect, it } from 'vitest'
import { resolvePolicy } from '../policies/resolve-policy.ts'
import type { OwnProfile } from './own-profile.ts'
import { type PathPolicy, policyFor } from './policy-for.ts'
import { PROFILES, type ProfileName } from './profiles.ts'
import type { PathMember } from './read-path.ts'
import type { Fact, UpstreamProfile } from './upstream-profile.ts'

const NO_LIMIT = Number.POSITIVE_INFINITY

const durationMs = fc.oneof(
  fc.constantFrom(500, 5000),
  fc.integer({ min: 0, max: 5000 }),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
  fc.constant(NO_LIMIT),
)
const count = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.constant(NO_LIMIT))

const ownProfile: fc.Arbitrary<OwnProfile> = fc.record(
  {
    name: fc.constantFrom('one', 'two', 'three'),
    title: fc.constantFrom('same', 'other'),
    role: fc.constantFrom('accepts', 'carries', 'opens'),
    idleTimeoutMs: durationMs,
    maxRequests: count,
    maxAgeMs: durationMs,
    closes: fc.constantFrom('fin', 'reset', 'silent'),
    tcpKeepAliveIntervalMs: fc.integer({ min: 1, max: 1e7 }),
  },
  { requiredKeys: ['name'] },
)

const profileName = fc.constantFrom(...(Object.keys(PROFILES) as ProfileName[]))
const member: fc.Arbitrary<PathMember> = fc.oneof(profileName, ownProfile)
const pathOf = fc.array(member, { minLength: 1, maxLength: 6 })
const margin = fc.oneof(fc.constant(1000), fc.integer({ min: 1, max: 10_000 }))

const profileOf = (one: PathMember): OwnProfile | UpstreamProfile =>
  typeof one === 'string' ? PROFILES[one] : one

const limitOf = (given: number | Fact<number> | undefined): number =>
  (typeof given === 'object' ? given.value : given) ?? NO_LIMIT

const shortest = (
  path: readonly PathMember[],
  field: 'idleTimeoutMs' | 'maxAgeMs' | 'maxRequests',
): number => Math.min(...path.map((one) => limitOf(profileOf(one)[field])))

/** Every number that a longer path may lower and never raise. */
const numbers = ({ policy }: PathPolicy): Record<string, number> => {
  const { tcpKeepAlive, ...rest } = policy
  return { ...rest, ...tcpKeepAlive }
}

it('the order of the path makes no difference', () => {
  const shuffled = pathOf.chain((path) =>
    fc.tuple(
      fc.constant(path),
      fc.shuffledSubarray(path, { minLength: path.length, maxLength: path.length }),
    ),
  )
  fc.assert(
    fc.property(shuffled, ([path, other]) => {
      expect(policyFor(other)).toEqual(policyFor(path))
    }),
  )
})

it('one more profile never loosens any field', () => {
  fc.assert(
    fc.property(pathOf, member, margin, (path, more, marginMs) => {
      const before = numbers(policyFor(path, { marginMs }))
      const after = numbers(policyFor([...path, more], { marginMs }))
      for (const [field, value] of Object.entries(after)) {
        expect(value, field).toBeLessThanOrEqual(before[field] ?? Number.NaN)
      }
    }),
  )
})

it('what stands on the path twice counts once', () => {
  fc.assert(
    fc.property(pathOf, (path) => {
      expect(policyFor([...path, ...path])).toEqual(policyFor(path))
    }),
  )
})

it('idle and age stay below every limit by the margin, or no connection is used twice', () => {
  fc.assert(
    fc.property(pathOf, margin, (path, marginMs) => {
      const { policy } = policyFor(path, { marginMs })
      const isSingleUse = policy.maxRequestsPerConnection === 1
      expect(
        isSingleUse || policy.idleTimeoutMs <= shortest(path, 'idleTimeoutMs') - marginMs,
      ).toBe(true)
      expect(
        isSingleUse || policy.maxConnectionAgeMs <= shortest(path, 'maxAgeMs') - marginMs,
      ).toBe(true)
    }),
  )
})

it('requests stay below every cap, but for a cap of one', () => {
  fc.assert(
    fc.property(pathOf, (path) => {
      const cap = shortest(path, 'maxRequests')
      const { maxRequestsPerConnection } = policyFor(path).policy
      expect(maxRequestsPerConnection).toBeLessThanOrEqual(
        cap === NO_LIMIT ? cap : Math.max(1, cap - 1),
      )
    }),
  )
})

it('TCP probes come before every silent limit, or a warning says that they cannot', () => {
  fc.assert(
    fc.property(pathOf, (path) => {
      const silent = path
        .map(profileOf)
        .filter(({ closes }) => (typeof closes === 'object' ? closes.value : closes) === 'silent')
      const limitMs = Math.min(...silent.map(({ idleTimeoutMs }) => limitOf(idleTimeoutMs)))
      const { policy, warnings } = policyFor(path)
      const isWarned = warnings.some((warning) => warning.startsWith('no TCP probe can come'))
      expect(isWarned || policy.tcpKeepAlive.delayMs < limitMs).toBe(true)
    }),
  )
})

it('every result makes a policy, and every field has a reason', () => {
  fc.assert(
    fc.property(pathOf, margin, (path, marginMs) => {
      const { policy, reasons } = policyFor(path, { marginMs })
      expect(resolvePolicy(policy)).toMatchObject(policy)
      expect(new Set(Object.keys(reasons))).toEqual(new Set(Object.keys(policy)))
      for (const because of Object.values(reasons)) expect(because.length).toBeGreaterThan(0)
    }),
  )
})
