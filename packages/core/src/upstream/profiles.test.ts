import { describe, expect, it } from 'vitest'
import { PROFILES, type ProfileName } from './profiles.ts'
import type { Fact, UpstreamProfile } from './upstream-profile.ts'

const NO_LIMIT = Number.POSITIVE_INFINITY
const ALL: readonly UpstreamProfile[] = Object.values(PROFILES)

const factsOf = (profile: UpstreamProfile): [string, Fact<unknown>][] =>
  Object.entries(profile).filter(
    (entry): entry is [string, Fact<unknown>] => typeof entry[1] === 'object',
  )

const FACTS = ALL.flatMap((profile) =>
  factsOf(profile).map(([field, fact]) => ({ name: profile.name, field, fact })),
)

const NUMBERS = FACTS.flatMap(({ name, field, fact: { value } }) =>
  typeof value === 'number' ? [{ name, field, value }] : [],
)

type Seconds = number | undefined
type Shipped = readonly [
  name: ProfileName,
  idle: Seconds,
  requests?: number | undefined,
  age?: Seconds,
]

/** Idle limit in seconds, cap of requests, age limit in seconds: what the vendors ship. */
const LIMITS: readonly Shipped[] = [
  ['apache-1.1', 15, 5],
  ['apache-2.0', 15, 100],
  ['apache-2.4', 5, 100],
  ['nginx', 75, 1000, 3600],
  ['nginx-1.18', 75, 100],
  ['node', 5, NO_LIMIT],
  ['node-27', 65, NO_LIMIT],
  ['tomcat', 20, 100],
  ['tomcat-embedded', 60, 100],
  ['jetty', 30, NO_LIMIT],
  ['jdk-httpserver', 30, NO_LIMIT],
  ['gunicorn', 2],
  ['gunicorn-sync', 0, 1],
  ['uvicorn', 5, NO_LIMIT],
  ['go', NO_LIMIT, NO_LIMIT],
  ['iis', 120, NO_LIMIT],
  ['kestrel', 130, NO_LIMIT],
  ['haproxy', undefined, NO_LIMIT],
  ['envoy', 3600, NO_LIMIT],
  ['cloudflare', 400],
  ['f5-bigip', 300],
  ['f5-bigip-l4', 300],
  ['aws-alb', 60, undefined, 3600],
  ['aws-nlb', 350],
  ['gcp-alb', 610],
  ['azure-lb', 4 * 60],
  ['aws-nat-gateway', 350],
  ['aws-network-firewall', 350],
  ['ec2-conntrack', 5 * 86_400],
  ['ec2-conntrack-nitro-v6', 350],
  ['gcp-cloud-nat', 1200],
  ['nf-conntrack', 5 * 86_400],
  ['linux', NO_LIMIT],
  ['nginx-to-upstream', 60, 1000, 3600],
  ['envoy-to-upstream', 3600, NO_LIMIT],
  ['heroku-router-to-dyno', 90],
  ['cloudfront-to-origin', 5],
  ['cloudflare-to-origin', 900],
  ['gcp-alb-to-backend', 600],
  ['undici', 4, NO_LIMIT],
  ['agentkeepalive', 4, NO_LIMIT],
  ['go-transport', 90],
]

const SHIPPED = LIMITS.map(([name, idle, requests, age]) => ({ name, idle, requests, age }))

it.each(SHIPPED)('$name: idle $idle s, $requests requests, age $age s', (shipped) => {
  const profile: UpstreamProfile = PROFILES[shipped.name]
  const ms = (seconds: Seconds): Seconds => (seconds === undefined ? undefined : seconds * 1000)
  expect(profile.idleTimeoutMs?.value).toBe(ms(shipped.idle))
  expect(profile.maxRequests?.value).toBe(shipped.requests)
  expect(profile.maxAgeMs?.value).toBe(ms(shipped.age))
})

it('every profile is in that list, once', () => {
  expect(LIMITS).toHaveLength(ALL.length)
  expect(new Set(LIMITS.map(([name]) => name))).toEqual(new Set(Object.keys(PROFILES)))
})

it.each([
  ['linux', 'tcpKeepAliveDelayMs', 7_200_000],
  ['linux', 'tcpKeepAliveIntervalMs', 75_000],
  ['linux', 'tcpKeepAliveProbes', 9],
  ['linux', 'timeWaitMs', 60_000],
  ['f5-bigip', 'tcpKeepAliveIntervalMs', 1_800_000],
  ['f5-bigip', 'timeWaitMs', 2000],
  ['f5-bigip', 'closes', 'reset'],
  ['f5-bigip-l4', 'tcpKeepAliveIntervalMs', NO_LIMIT],
  ['gcp-cloud-nat', 'timeWaitMs', 120_000],
  ['nf-conntrack', 'timeWaitMs', 120_000],
  ['aws-nat-gateway', 'closes', 'silent'],
  ['azure-lb', 'closes', 'silent'],
  ['apache-2.4', 'hint', 'on-request'],
  ['nginx', 'hint', 'never'],
  ['node', 'hint', 'always'],
] as const)('%s: %s is %s', (name, field, value) => {
  expect(Object.fromEntries(factsOf(PROFILES[name]))[field]?.value).toBe(value)
})

describe('a profile', () => {
  it.each(Object.entries(PROFILES))('%s goes by its name', (key, { name, title, versionRange }) => {
    expect(name).toBe(key)
    expect(name).toMatch(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/u)
    expect(title).not.toBe('')
    expect(versionRange).not.toBe('')
  })

  it('has a title that no other has', () => {
    expect(new Set(ALL.map(({ title }) => title)).size).toBe(ALL.length)
  })

  it('forgets silently only where it carries', () => {
    const silent = ALL.filter(({ closes }) => closes?.value === 'silent')
    expect(silent.length).toBeGreaterThan(5)
    expect(new Set(silent.map(({ role }) => role))).toEqual(new Set(['carries']))
  })
})

describe('a value', () => {
  it.each(FACTS)('$name $field has a source and says how well it is known', ({ fact }) => {
    expect(['measured', 'documented', 'unverified']).toContain(fact.verification)
    expect(fact.source.trim()).not.toBe('')
    expect(fact.note).not.toBe('')
  })

  it.each(FACTS.filter(({ fact }) => fact.verification === 'measured'))(
    '$name $field was measured with a version',
    ({ fact }) => {
      expect(fact.source).toMatch(/\d (?:on loopback$|and )|of Linux \d/u)
    },
  )

  it.each(NUMBERS)('$name $field is a number that can be', ({ field, value }) => {
    expect(value).toBeGreaterThanOrEqual(field.endsWith('Ms') ? 0 : 1)
    expect(value === NO_LIMIT || Number.isSafeInteger(value)).toBe(true)
  })

  // Seconds that were taken for milliseconds, or the other way round, end up outside.
  it.each(
    NUMBERS.filter(({ field, value }) => field.endsWith('Ms') && value > 0 && value < NO_LIMIT),
  )('$name $field is in milliseconds', ({ value }) => {
    expect(value).toBeGreaterThanOrEqual(2000)
    expect(value).toBeLessThanOrEqual(432_000_000)
  })

  it('that was never checked is there, and marked so', () => {
    expect(PROFILES['f5-bigip'].timeWaitMs?.verification).toBe('unverified')
    expect(PROFILES['apache-2.4'].idleTimeoutMs?.verification).toBe('measured')
    expect(PROFILES['aws-alb'].idleTimeoutMs?.verification).toBe('documented')
  })
})
