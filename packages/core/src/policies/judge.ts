import { addressGone } from './address-gone.ts'
import { idleTimeout } from './idle-timeout.ts'
import { learnedIdleLimit } from './learned-idle-limit.ts'
import { maxAge } from './max-age.ts'
import { maxRequests } from './max-requests.ts'
import type { Policy } from './policy.ts'
import type { ResolvedPolicy } from './resolve-policy.ts'
import { serverHint } from './server-hint.ts'

const NEVER = Number.POSITIVE_INFINITY

/** A policy without a limit. */
const unlimited: Policy = () => NEVER

const requestsPolicy = ({ maxRequestsPerConnection }: ResolvedPolicy): Policy =>
  maxRequestsPerConnection === NEVER ? unlimited : maxRequests(maxRequestsPerConnection)

const agePolicy = ({ connectionAgeJitter, maxConnectionAgeMs }: ResolvedPolicy): Policy =>
  maxConnectionAgeMs === NEVER ? unlimited : maxAge(maxConnectionAgeMs, connectionAgeJitter)

const hintPolicy = ({ serverHintMarginMs, serverHints }: ResolvedPolicy): Policy =>
  serverHints === 'honor' ? serverHint(serverHintMarginMs) : unlimited

const idlePolicy = ({ idleTimeoutMs }: ResolvedPolicy): Policy =>
  idleTimeoutMs === NEVER ? unlimited : idleTimeout(idleTimeoutMs)

/**
 * Combines all policies that the settings ask for: the first refusal wins; where none refuses, the
 * earliest deadline does.
 */
export const judgeOf = (settings: ResolvedPolicy): Policy => {
  const requests = requestsPolicy(settings)
  const age = agePolicy(settings)
  const hint = hintPolicy(settings)
  const learned = settings.learnIdleLimit ? learnedIdleLimit : unlimited
  const idle = idlePolicy(settings)
  const gone = settings.addresses === false ? unlimited : addressGone
  // Written out, because a loop over closures would cost more than the rest of a lease.
  return (connection, nowMs) => {
    const byRequests = requests(connection, nowMs)
    if (typeof byRequests !== 'number') return byRequests
    const byAge = age(connection, nowMs)
    if (typeof byAge !== 'number') return byAge
    const byHint = hint(connection, nowMs)
    if (typeof byHint !== 'number') return byHint
    const byLearning = learned(connection, nowMs)
    if (typeof byLearning !== 'number') return byLearning
    const byAddress = gone(connection, nowMs)
    if (typeof byAddress !== 'number') return byAddress
    const byIdleness = idle(connection, nowMs)
    if (typeof byIdleness !== 'number') return byIdleness
    return Math.min(byRequests, byAge, byHint, byLearning, byIdleness)
  }
}

/** Combines the policies that count requests: after a lease, nothing else has changed. */
export const recountOf = (settings: ResolvedPolicy): Policy => {
  const requests = requestsPolicy(settings)
  const hint = hintPolicy(settings)
  return (connection, nowMs) => {
    const verdict = requests(connection, nowMs)
    return typeof verdict === 'number' ? hint(connection, nowMs) : verdict
  }
}
