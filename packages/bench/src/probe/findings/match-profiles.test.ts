import { PROFILES, type UpstreamProfile } from '@holdfast/core/upstreams'
import { describe, expect, it } from 'vitest'
import { observationsOf } from '../../../test/probe-records.ts'
import { findAll } from './find-all.ts'
import type { Findings } from './findings.ts'
import { matchProfiles } from './match-profiles.ts'

const BLANK: Findings = findAll(observationsOf({}))

/** Findings about a server that behaves as the profile says. */
function findingsFrom({ idleTimeoutMs, maxRequests, hint, closes }: UpstreamProfile): Findings {
  const limitMs = idleTimeoutMs?.value ?? Number.POSITIVE_INFINITY
  const cap = maxRequests?.value ?? Number.POSITIVE_INFINITY
  return {
    ...BLANK,
    idle: Number.isFinite(limitMs)
      ? { kind: 'closed', shortestMs: limitMs, longestMs: limitMs, connections: 3 }
      : { kind: 'open', forMs: 80_000 },
    requests: Number.isFinite(cap)
      ? { kind: 'cap', served: cap, announced: true, afterwards: 'fin', connections: 2 }
      : { kind: 'none-seen', served: 110 },
    hint: { ...BLANK.hint, habit: hint?.value ?? null },
    closes: { first: 'server', how: closes?.value ?? null, lateRequest: null },
  }
}

const SERVERS = Object.values(PROFILES).filter(({ role }) => role === 'accepts')

/** Whether it closes connections at some time; one that never does cannot be told from others. */
const hasLimit = ({ idleTimeoutMs }: UpstreamProfile): boolean =>
  idleTimeoutMs !== undefined && Number.isFinite(idleTimeoutMs.value)

describe('a server as it is shipped', () => {
  it.each(SERVERS.filter(hasLimit).map(({ name }) => name))(
    '%s is found, and nothing speaks against it',
    (name) => {
      const best = matchProfiles(findingsFrom(PROFILES[name]))
      const fits = best.filter(({ fit }) => fit === best[0]?.fit).map((match) => match.name)

      expect(best[0]?.differs).toEqual([])
      // Several are shipped alike: then one of them is as good as the other.
      expect(fits.length === 3 || fits.includes(name)).toBe(true)
    },
  )
})

describe('a server with settings of its own', () => {
  const own: Findings = {
    ...findingsFrom(PROFILES.nginx),
    idle: { kind: 'closed', shortestMs: 3001, longestMs: 3004, connections: 3 },
  }

  it.each([
    ['nginx/1.22.1', 'nginx'],
    ['nginx/1.18.0 (Ubuntu)', 'nginx-1.18'],
    ['nginx/1.19.9', 'nginx-1.18'],
    ['nginx/1.19.10', 'nginx'],
    ['nginx', 'nginx'],
    ['Apache/2.4.71 (Debian)', 'apache-2.4'],
    ['Apache', 'apache-2.4'],
    ['Apache/2.0.65', 'apache-2.0'],
    ['Apache-Coyote/1.1', 'tomcat'],
    ['gunicorn', 'gunicorn'],
    ['Microsoft-IIS/10.0', 'iis'],
    ['Kestrel', 'kestrel'],
    ['BigIP', 'f5-bigip'],
  ])('is known by its Server header: %s', (server, name) => {
    const [best] = matchProfiles({ ...own, server })

    expect(best).toMatchObject({ name, isNamed: true })
  })

  it('is matched by its habits where it does not say who it is', () => {
    const node = {
      ...findingsFrom(PROFILES.node),
      idle: { kind: 'closed', shortestMs: 1500, longestMs: 1500, connections: 3 },
    } as const

    expect(matchProfiles(node)[0]).toMatchObject({ name: 'node', differs: ['idleTimeoutMs'] })
  })

  it('is not taken for one that would keep connections for as long as it announces', () => {
    const liar: Findings = {
      ...BLANK,
      idle: { kind: 'closed', shortestMs: 2001, longestMs: 2004, connections: 3 },
      hint: { ...BLANK.hint, habit: 'always', timeoutMs: 60_000, timeoutVerdict: 'earlier' },
      closes: { first: 'server', how: 'fin', lateRequest: null },
    }
    const agreeing = matchProfiles(liar).filter(({ agrees }) => agrees.includes('idleTimeoutMs'))

    expect(agreeing.map(({ name }) => name)).not.toContain('aws-alb')
    expect(matchProfiles(liar).map(({ name }) => name)).not.toContain('jetty')
  })

  it('is nobody where only common habits agree', () => {
    const go: Findings = {
      ...BLANK,
      idle: { kind: 'closed', shortestMs: 4001, longestMs: 4004, connections: 3 },
      requests: { kind: 'none-seen', served: 110 },
      hint: { ...BLANK.hint, habit: 'never' },
      closes: { first: 'server', how: 'fin', lateRequest: null },
    }

    expect(matchProfiles(go)).toEqual([])
  })

  it('agrees with what it announces, even if it closes later', () => {
    const node: Findings = {
      ...findingsFrom(PROFILES.node),
      idle: { kind: 'closed', shortestMs: 6001, longestMs: 6001, connections: 3 },
      hint: { ...BLANK.hint, habit: 'always', timeoutMs: 5000 },
    }

    expect(matchProfiles(node)[0]).toMatchObject({ name: 'node', fit: 1 })
  })
})

it('knows one more response than the limit says', () => {
  const apache = findingsFrom(PROFILES['apache-2.4'])
  const requests = {
    kind: 'cap',
    served: 101,
    announced: true,
    afterwards: 'fin',
    connections: 2,
  } as const

  expect(matchProfiles({ ...apache, requests })[0]).toMatchObject({ name: 'apache-2.4', fit: 1 })
})

it('looks among middleboxes where connections are lost silently', () => {
  const findings: Findings = {
    ...BLANK,
    idle: { kind: 'forgotten', openForMs: 300_000, atMostMs: 400_000 },
    closes: { first: null, how: 'silent', lateRequest: null },
  }

  expect(matchProfiles(findings).map(({ name }) => name)).toContain('aws-nat-gateway')
  expect(matchProfiles(BLANK).map(({ name }) => name)).not.toContain('aws-nat-gateway')
})
