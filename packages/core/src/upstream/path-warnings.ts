import type { TcpKeepAlive } from '../tcp/tcp-keep-alive.ts'
import type { Outcome } from './bid.ts'
import { ownProbeMs } from './silent-limit.ts'
import { spellMs } from './spell-number.ts'
import type { UpstreamProfile } from './upstream-profile.ts'

/** The decisions for a path. */
export interface Decisions {
  readonly idle: Outcome
  readonly requests: Outcome
  readonly age: Outcome
  readonly silence: Outcome
  readonly tcpKeepAlive: TcpKeepAlive
}

const NO_LIMIT = Number.POSITIVE_INFINITY

const aboutProfile = (profile: UpstreamProfile, silentMs: number): string[] => {
  const { title, role, idleTimeoutMs, note } = profile
  const warnings: string[] = []
  if (role === 'opens') {
    warnings.push(`${title}: these are values of connections that it opens, not of those to it`)
  }
  if (idleTimeoutMs === undefined) {
    const why = note === undefined ? '' : ` (${note})`
    warnings.push(`${title}: its idle limit is not known${why}; give it in a profile of your own`)
  }
  const ownMs = ownProbeMs(profile)
  if (ownMs !== NO_LIMIT && ownMs >= silentMs) {
    warnings.push(
      `${title}: its own TCP probes come after ${spellMs(ownMs)}, too late for the silent limit of ${spellMs(silentMs)}`,
    )
  }
  return warnings
}

/** Lists the warnings about a path, each once, in order. */
export const pathWarnings = (
  path: readonly UpstreamProfile[],
  { idle, requests, age, silence, tcpKeepAlive }: Decisions,
): readonly string[] => {
  const warnings = path.flatMap((profile) => aboutProfile(profile, silence.value))
  for (const { text, verification } of [idle, requests, age, silence].flatMap(
    (decided) => decided.reasons,
  )) {
    if (verification === 'unverified') warnings.push(`not verified: ${text}`)
  }
  if (requests.value === 1) {
    warnings.push(...requests.reasons.map(({ text }) => `no connection is used twice: ${text}`))
  }
  if (tcpKeepAlive.delayMs >= silence.value) {
    warnings.push(`no TCP probe can come before the silent limit of ${spellMs(silence.value)}`)
  }
  return Object.freeze([...new Set(warnings)].sort((a, b) => (a < b ? -1 : 1)))
}
