import { PROFILES, type UpstreamProfile } from '@holdfast/core/upstreams'
import type { Line } from '../cli/line.ts'
import { wrapped } from '../cli/wrapped.ts'
import { paragraphs } from '../forms/paragraphs.ts'
import { factRows } from './fact-rows.ts'
import type { Findings, IdleFinding, RequestsFinding } from './findings/findings.ts'
import type { ProfileMatch } from './findings/match-profiles.ts'
import { formatSpan } from './format-span.ts'
import type { Addresses } from './observing/look-up.ts'
import type { ProbeResult } from './probe-result.ts'

/** Most addresses that are named. */
const MOST_SHOWN = 16

/** Result as lines for a person, the verdict first. */
export function renderProbe(
  { url, addresses, findings, matches, warnings, code, observations }: ProbeResult,
  columns: number,
): Line[] {
  const { address } = observations
  const place = addresses.length === 1 ? url : `${url} at ${address}`
  const rows = [['addresses', addressesText(addresses, address)], ...factRows(findings)] as const
  const width = Math.max(...rows.map(([label]) => label.length)) + 2
  const prose = (text: string, indent = '  '): string[] => wrapped(text, columns, indent)
  return paragraphs([
    prose(`${place} ${verdict(findings)}`).map((text) => ({ text, style: 'bold' })),
    warnings.flatMap((warning) =>
      prose(`warning: ${warning}`).map((text): Line => ({ text, style: 'yellow' })),
    ),
    [
      ...rows.flatMap(([label, text]) => factLines(label.padEnd(width), text, columns)),
      ...findings.notes.flatMap((note) => prose(`note: ${note}`)),
    ],
    ['Profiles:', ...matchLines(matches).flatMap((line) => prose(line, '    '))],
    ['Policy:', '', ...code.split('\n')],
  ])
}

/** Number of the addresses, the first of them, and which one was probed. */
function addressesText(addresses: Addresses, address: string): string {
  if (addresses.length === 1) return `1: ${address}`
  const shown = addresses.slice(0, MOST_SHOWN).join(', ')
  const more = addresses.length > MOST_SHOWN ? ', …' : ''
  return `${addresses.length}: ${shown}${more}; probed: ${address}`
}

/** Fact beside its label, on as many lines as it needs. */
function factLines(label: string, text: string, columns: number): string[] {
  const blank = ' '.repeat(label.length)
  return wrapped(text, columns - label.length).map(
    (line, index) => `${index === 0 ? label : blank}${line}`,
  )
}

function verdict({ idle, requests, interrupted }: Findings): string {
  const soFar = interrupted ? ', as far as is known' : ''
  if (idle.kind === 'single-use') return `closes after each response${soFar}`
  const parts = [idleVerdict(idle), ...requestsVerdict(requests)]
  return `${parts.join(', and ')}${soFar}`
}

function idleVerdict(idle: IdleFinding): string {
  switch (idle.kind) {
    case 'closed':
      return `ends idle connections after ${formatSpan(idle.shortestMs)}`
    case 'open':
      return `keeps idle connections for at least ${formatSpan(idle.forMs)}`
    case 'forgotten':
      return `loses idle connections silently within ${formatSpan(idle.atMostMs)}`
    default:
      return 'closes after each response'
  }
}

function requestsVerdict(requests: RequestsFinding): readonly string[] {
  switch (requests.kind) {
    case 'cap':
      return [`busy ones after ${requests.served} requests`]
    case 'age':
      return [`busy ones at the age of ${formatSpan(requests.shortestMs)}`]
    default:
      return []
  }
}

function matchLines(matches: readonly ProfileMatch[]): readonly string[] {
  if (matches.length === 0) return ['  none behaves like this']
  return matches.map((match) => {
    const named = match.isNamed ? ', by its Server header' : ''
    const agrees = match.agrees.length === 0 ? '' : `; agrees: ${match.agrees.join(', ')}`
    const profile: UpstreamProfile = PROFILES[match.name]
    const shipped = match.differs.map((fact) => `${fact} (shipped with ${profile[fact]?.value})`)
    const differs = shipped.length === 0 ? '' : `; differs: ${shipped.join(', ')}`
    return `  ${match.name}${named}${agrees}${differs}`
  })
}
