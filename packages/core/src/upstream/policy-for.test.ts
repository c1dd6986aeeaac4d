import { describe, expect, it } from 'vitest'
import { resolvePolicy } from '../policies/resolve-policy.ts'
import { type PathPolicy, policyFor } from './policy-for.ts'
import type { ProfileName } from './profiles.ts'

const NO_LIMIT = Number.POSITIVE_INFINITY

const texts = ({ reasons }: PathPolicy, field: keyof PathPolicy['reasons']): string[] =>
  reasons[field].map(({ text }) => text)

it('Apache 2.4: below its 5 s and its 100 requests, and says why', () => {
  const result = policyFor(['apache-2.4'])
  expect(result.policy).toEqual({
    idleTimeoutMs: 4000,
    maxRequestsPerConnection: 99,
    maxConnectionAgeMs: 300_000,
    serverHintMarginMs: 1000,
    tcpKeepAlive: { delayMs: 30_000, intervalMs: 5000, probes: 3 },
  })
  expect(result.reasons.idleTimeoutMs).toEqual([
    {
      text: 'idle 4 000 ms: Apache 2.4 closes at 5 000 ms, margin 1 000 ms',
      profile: 'apache-2.4',
      verification: 'measured',
    },
  ])
  expect(texts(result, 'maxRequestsPerConnection')).toEqual([
    'requests 99: Apache 2.4 closes after 100 (in practice 101 responses: max= counts down from 100 to 1, and one more follows)',
  ])
  expect(result.warnings).toEqual([])
})

describe('along a path', () => {
  const result = policyFor([
    'linux',
    'aws-nat-gateway',
    'nginx',
    'uvicorn',
    { name: 'our gateway', maxAgeMs: 60_000 },
  ])

  it.each([
    {
      field: 'idleTimeoutMs',
      value: 4000,
      profile: 'uvicorn',
      verification: 'documented',
      text: 'idle 4 000 ms: Uvicorn closes at 5 000 ms, margin 1 000 ms',
    },
    {
      field: 'maxRequestsPerConnection',
      value: 999,
      profile: 'nginx',
      verification: 'measured',
      text: 'requests 999: nginx closes after 1 000 (the last response says Connection: close)',
    },
    {
      field: 'maxConnectionAgeMs',
      value: 59_000,
      profile: 'our gateway',
      verification: 'given',
      text: 'age 59 000 ms: our gateway closes at the age of 60 000 ms, margin 1 000 ms',
    },
  ] as const)('$profile decides $field: $value', ({ field, value, ...reason }) => {
    expect(result.policy[field]).toBe(value)
    expect(result.reasons[field]).toEqual([reason])
  })

  it('TCP probes come before the NAT gateway forgets', () => {
    expect(result.policy.tcpKeepAlive).toEqual({ delayMs: 30_000, intervalMs: 5000, probes: 3 })
    expect(result.reasons.tcpKeepAlive).toEqual([
      {
        text: 'TCP probes after 30 000 ms: the default, before AWS NAT gateway silently forgets at 350 000 ms',
        profile: 'aws-nat-gateway',
        verification: 'documented',
      },
    ])
  })

  it("warns of Linux' own probes, and of what nobody knows", () => {
    expect(result.warnings).toEqual([
      'Linux: its own TCP probes come after 7 200 000 ms, too late for the silent limit of 350 000 ms',
      'our gateway: its idle limit is not known; give it in a profile of your own',
    ])
  })
})

describe('F5 BIG-IP, whose own probes come after its idle timeout', () => {
  const result = policyFor(['f5-bigip'])

  it('is probed before its idle timeout instead', () => {
    expect(result.policy.tcpKeepAlive.delayMs).toBeLessThan(300_000)
    expect(result.policy.idleTimeoutMs).toBe(299_000)
  })

  it('and the result says so', () => {
    expect(texts(result, 'tcpKeepAlive')).toEqual([
      'TCP probes after 30 000 ms: the default, before F5 BIG-IP resets at 300 000 ms, and its own probes come only after 1 800 000 ms',
    ])
    expect(result.warnings).toEqual([
      'F5 BIG-IP: its own TCP probes come after 1 800 000 ms, too late for the silent limit of 300 000 ms',
    ])
  })

  it.each([
    [299_999, false],
    [300_000, true],
  ])('probes of its own every %i ms come too late: %s', (tcpKeepAliveIntervalMs, isLate) => {
    const tuned = policyFor([
      { name: 'f5', role: 'carries', idleTimeoutMs: 300_000, tcpKeepAliveIntervalMs },
    ])
    expect(tuned.warnings).toHaveLength(isLate ? 1 : 0)
    expect(texts(tuned, 'tcpKeepAlive').join('').includes('its own probes')).toBe(isLate)
  })
})

describe('TCP probes', () => {
  it('are the default where nothing is silent', () => {
    const result = policyFor(['nginx'])
    expect(result.policy.tcpKeepAlive).toEqual({ delayMs: 30_000, intervalMs: 5000, probes: 3 })
    expect(texts(result, 'tcpKeepAlive')).toEqual([
      'TCP probes after 30 000 ms: the default; nothing on the path forgets a silent connection',
    ])
  })

  it('come faster where something forgets soon', () => {
    const result = policyFor([
      'azure-lb',
      { name: 'firewall', role: 'carries', idleTimeoutMs: 21_000, closes: 'silent' },
    ])
    expect(result.policy.tcpKeepAlive).toEqual({ delayMs: 10_000, intervalMs: 3000, probes: 3 })
    expect(texts(result, 'tcpKeepAlive')).toEqual([
      'TCP probes after 10 000 ms: firewall silently forgets at 21 000 ms',
    ])
  })

  it.each([
    [1001, false],
    [1000, true],
  ])('cannot come in time for a silent limit of %i ms: %s', (idleTimeoutMs, isTooShort) => {
    const { warnings } = policyFor([{ name: 'box', closes: 'silent', idleTimeoutMs }])
    const warning = 'no TCP probe can come before the silent limit of 1 000 ms'
    expect(warnings.includes(warning)).toBe(isTooShort)
  })
})

describe('where nothing limits', () => {
  it('an idle connection ends by its age', () => {
    const result = policyFor(['go'])
    expect(result.policy).toMatchObject({
      idleTimeoutMs: NO_LIMIT,
      maxRequestsPerConnection: NO_LIMIT,
      maxConnectionAgeMs: 300_000,
    })
    expect(texts(result, 'idleTimeoutMs')).toEqual([
      'idle without limit: nothing on the path ends an idle connection',
    ])
    expect(texts(result, 'maxRequestsPerConnection')).toEqual([
      'requests without limit: nothing on the path counts them',
    ])
  })

  it('what is not known is not taken for no limit', () => {
    const result = policyFor(['haproxy', 'kestrel'])
    expect(result.policy.idleTimeoutMs).toBe(55_000)
    expect(result.reasons.idleTimeoutMs).toEqual([
      {
        text: 'idle 55 000 ms: the default, for the idle limit of HAProxy is not known',
        profile: 'haproxy',
        verification: undefined,
      },
    ])
    expect(result.warnings).toHaveLength(1)
    expect(result.warnings[0]).toMatch(/^HAProxy: its idle limit is not known \(closes after/u)
  })
})

describe('a limit within the margin', () => {
  it.each([
    [1001, 1, NO_LIMIT],
    [1000, 1, 1],
    [999, 1, 1],
    [0, 1, 1],
    [1000.5, 1, 1],
  ])('idle %d ms: idle %i ms, %d requests', (idleTimeoutMs, idle, requests) => {
    const { policy } = policyFor([{ name: 'hasty', idleTimeoutMs }])
    expect(policy).toMatchObject({ idleTimeoutMs: idle, maxRequestsPerConnection: requests })
  })

  it('means one request a connection, and a warning', () => {
    const result = policyFor([{ name: 'hasty', idleTimeoutMs: 500 }])
    expect(texts(result, 'idleTimeoutMs')).toEqual([
      'idle 1 ms: hasty closes at 500 ms, within the margin of 1 000 ms',
    ])
    expect(texts(result, 'maxRequestsPerConnection')).toEqual([
      'requests 1: hasty closes at 500 ms, within the margin of 1 000 ms',
    ])
    expect(result.warnings).toEqual([
      'no connection is used twice: requests 1: hasty closes at 500 ms, within the margin of 1 000 ms',
    ])
  })

  it('counts for the age, too', () => {
    const { policy } = policyFor([{ name: 'hasty', idleTimeoutMs: 5000, maxAgeMs: 900 }])
    expect(policy).toMatchObject({ maxRequestsPerConnection: 1, maxConnectionAgeMs: 1 })
  })

  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
  ])('a cap of %i requests leaves %i', (maxRequests, requests) => {
    const { policy } = policyFor([{ name: 'counter', idleTimeoutMs: 5000, maxRequests }])
    expect(policy.maxRequestsPerConnection).toBe(requests)
  })
})

describe('the margin', () => {
  it('is what the caller asks for, for hints as well', () => {
    const result = policyFor(['apache-2.4'], { marginMs: 1500 })
    expect(result.policy).toMatchObject({ idleTimeoutMs: 3500, serverHintMarginMs: 1500 })
    expect(texts(result, 'serverHintMarginMs')).toEqual([
      'hint margin 1 500 ms: the same margin for what a server announces',
    ])
  })

  it('is the default where it is undefined', () => {
    expect(policyFor(['nginx'], { marginMs: undefined })).toEqual(policyFor(['nginx']))
  })
})

describe('warnings', () => {
  it('name what is decided by a value that nobody checked', () => {
    const { warnings } = policyFor([
      {
        name: 'rumour',
        idleTimeoutMs: { value: 7000, verification: 'unverified', source: 'a colleague' },
      },
    ])
    expect(warnings).toEqual([
      'not verified: idle 6 000 ms: rumour closes at 7 000 ms, margin 1 000 ms',
    ])
  })

  it('tell the outgoing side of a proxy from the one that is called', () => {
    expect(policyFor(['nginx-to-upstream']).warnings).toEqual([
      'nginx to its upstreams: these are values of connections that it opens, not of those to it',
    ])
  })
})

it('all who decide alike are named, each once, in an order of its own', () => {
  const result = policyFor(['uvicorn', 'apache-2.4', 'node', 'uvicorn'])
  expect(result.reasons.idleTimeoutMs.map(({ profile }) => profile)).toEqual([
    'apache-2.4',
    'node',
    'uvicorn',
  ])
})

it('the result is frozen, all of it, and makes a policy', () => {
  const names: readonly ProfileName[] = ['f5-bigip', 'apache-2.4', 'linux', 'haproxy']
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen))
  const result = policyFor(names)
  expect(frozen(result)).toBe(true)
  expect(resolvePolicy(result.policy)).toMatchObject(result.policy)
})
