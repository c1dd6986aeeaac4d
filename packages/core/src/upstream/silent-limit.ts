import { DEFAULT_TCP_KEEP_ALIVE } from '../tcp/tcp-keep-alive.ts'
import { bidOf, generalBid, lowest, type Outcome } from './bid.ts'
import { enderOf } from './path-limits.ts'
import { probesWithin } from './probes-within.ts'
import { spellMs } from './spell-number.ts'
import type { UpstreamProfile } from './upstream-profile.ts'

const NO_LIMIT = Number.POSITIVE_INFINITY

/**
 * Returns the silence after which it forgets a connection, where TCP probes count as traffic or no
 * side is told. A server that answers requests counts those instead, so that no probe keeps a
 * connection open.
 */
const silentLimitMs = ({ role, closes, idleTimeoutMs }: UpstreamProfile): number =>
  role === 'carries' || closes?.value === 'silent' ? (idleTimeoutMs?.value ?? NO_LIMIT) : NO_LIMIT

/** Returns the silence after which it probes by itself. */
export const ownProbeMs = (profile: UpstreamProfile): number =>
  (profile.tcpKeepAliveDelayMs ?? profile.tcpKeepAliveIntervalMs)?.value ?? NO_LIMIT

const reasonText = (profile: UpstreamProfile, limitMs: number, marginMs: number): string => {
  const { delayMs } = probesWithin(limitMs, marginMs)
  const choice = delayMs === DEFAULT_TCP_KEEP_ALIVE.delayMs ? 'the default, before ' : ''
  const ownMs = ownProbeMs(profile)
  const own =
    ownMs === NO_LIMIT || ownMs < limitMs
      ? ''
      : `, and its own probes come only after ${spellMs(ownMs)}`
  return `TCP probes after ${spellMs(delayMs)}: ${choice}${enderOf(profile)} at ${spellMs(limitMs)}${own}`
}

/** Finds the shortest silence after which something on the path forgets a connection. */
export const silentLimit = (path: readonly UpstreamProfile[], marginMs: number): Outcome =>
  lowest(
    path.flatMap((profile) => {
      const limitMs = silentLimitMs(profile)
      if (limitMs === NO_LIMIT) return []
      const text = reasonText(profile, limitMs, marginMs)
      return [bidOf(profile, profile.idleTimeoutMs?.verification, limitMs, text)]
    }),
    generalBid(
      NO_LIMIT,
      `TCP probes after ${spellMs(DEFAULT_TCP_KEEP_ALIVE.delayMs)}: the default; nothing on the path forgets a silent connection`,
    ),
  )
