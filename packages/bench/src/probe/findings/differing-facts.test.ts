import { describe, expect, it } from 'vitest'
import { differingFacts, type Fact } from './differing-facts.ts'
import type { Findings } from './findings.ts'

const FINDINGS: Findings = {
  httpVersion: '1.1',
  status: 200,
  server: 'nginx',
  location: null,
  idle: { kind: 'closed', shortestMs: 5000, longestMs: 5010, connections: 3 },
  requests: { kind: 'cap', served: 100, announced: true, afterwards: 'fin', connections: 2 },
  hint: {
    habit: 'always',
    text: 'timeout=5',
    timeoutMs: 5000,
    max: null,
    maxCounts: null,
    timeoutVerdict: 'as-announced',
    maxVerdict: 'unknown',
  },
  closes: { first: 'server', how: 'fin', lateRequest: 'reset' },
  closeRequest: { kind: 'closed', how: 'fin', afterMs: 0.1, announced: true },
  tls: { version: 'TLSv1.3', cipher: 'c', alpn: 'h2', sessionReused: true },
  interrupted: false,
  notes: [],
}

const none = { kind: 'none-seen', served: 110 } as const

describe('differingFacts', () => {
  it.each<[what: string, other: Partial<Findings>, facts: readonly Fact[]]>([
    ['the same', {}, []],
    [
      'times that differ as measurements do',
      {
        idle: { kind: 'closed', shortestMs: 5200, longestMs: 5300, connections: 1 },
        closeRequest: { kind: 'closed', how: 'fin', afterMs: 40, announced: true },
      },
      [],
    ],
    ['a shorter watch', { idle: { kind: 'open', forMs: 4000 } }, []],
    ['a longer life', { idle: { kind: 'open', forMs: 80_000 } }, ['idle limit']],
    ['one request each', { idle: { kind: 'single-use' } }, ['idle limit']],
    [
      'another limit',
      { idle: { kind: 'closed', shortestMs: 60_000, longestMs: 60_000, connections: 1 } },
      ['idle limit'],
    ],
    ['a silent loss', { idle: { kind: 'forgotten', openForMs: 1, atMostMs: 2 } }, ['idle limit']],
    ['no cap', { requests: none }, ['request cap']],
    ['a count too short for the cap', { requests: { ...none, served: 9 } }, []],
    ['no count', { requests: { kind: 'not-counted' } }, []],
    ['another server', { server: 'Apache', status: 503 }, ['HTTP']],
    ['TLS that was not seen', { tls: null }, []],
    [
      'another choice of TLS',
      { tls: { version: 'TLSv1.3', cipher: 'c', alpn: null, sessionReused: null } },
      ['TLS'],
    ],
    [
      'no hint, another close',
      {
        hint: { ...FINDINGS.hint, habit: 'never', timeoutMs: null },
        closes: { first: 'server', how: 'reset', lateRequest: null },
        closeRequest: { kind: 'stays-open', forMs: 1, announced: true },
      },
      ['hint', 'idle close', 'Connection: close'],
    ],
  ])('finds what %s differs in, whichever comes first', (_, other, facts) => {
    const changed = { ...FINDINGS, ...other }

    expect(differingFacts([FINDINGS, FINDINGS, changed])).toEqual(facts)
    expect(differingFacts([changed, FINDINGS])).toEqual(facts)
  })
})
