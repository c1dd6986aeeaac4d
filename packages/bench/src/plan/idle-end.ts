import type { ResolvedPolicy } from '@holdfast/core'
import type { ServerModel } from './simulation/scenario.ts'

/** Core gives a connection up at this part of the time after which its peer was seen to close. */
const LEARNED_PART = 0.8

/** The chain of thought ends somewhere: an hour without a limit is as good as for ever. */
const LONG_ENOUGH_MS = 3_600_000

/** As good as at once: the mathematics wants more than nothing. */
const AT_ONCE_MS = 1e-6

/** What ends an idle connection first. */
export interface IdleEnd {
  readonly afterMs: number
  readonly by: 'client' | 'server'
  /** `max_requests`: it serves one request and is never idle. */
  readonly why: 'max_requests' | 'idle_timeout' | 'server_hint' | 'learned_limit' | 'server'
}

/** Who ends an idle connection, after how long, once the pool knows its server. */
export function idleEndOf(policy: ResolvedPolicy, server: ServerModel): IdleEnd {
  if (policy.maxRequestsPerConnection === 1) {
    return { afterMs: AT_ONCE_MS, by: 'client', why: 'max_requests' }
  }
  const candidates: IdleEnd[] = [
    {
      afterMs: Math.min(policy.idleTimeoutMs, policy.maxConnectionAgeMs, LONG_ENOUGH_MS),
      by: 'client',
      why: 'idle_timeout',
    },
    { afterMs: server.idleTimeoutMs, by: 'server', why: 'server' },
  ]
  if (server.announces && policy.serverHints === 'honor') {
    const announcedMs = Math.floor(server.idleTimeoutMs / 1000) * 1000
    candidates.push({
      // A hint within the margin allows no reuse at all.
      afterMs: Math.max(AT_ONCE_MS, announcedMs - policy.serverHintMarginMs),
      by: 'client',
      why: 'server_hint',
    })
  }
  if (policy.learnIdleLimit) {
    const afterMs = LEARNED_PART * server.idleTimeoutMs
    candidates.push({ afterMs, by: 'client', why: 'learned_limit' })
  }
  // What is only learned counts only where nothing else comes before the server.
  const [first, second] = candidates.toSorted((a, b) => a.afterMs - b.afterMs) as [IdleEnd, IdleEnd]
  if (first.why !== 'learned_limit') return first
  return second.by === 'server' ? first : second
}
