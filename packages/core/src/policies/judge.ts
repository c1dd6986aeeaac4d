import { idleTimeout } from './idle-timeout.ts'
import { learnedIdleLimit } from './learned-idle-limit.ts'
import { maxAge } from './max-age.ts'
import { maxRequests } from './max-requests.ts'
import { combinePolicies, type Policy } from './policy.ts'
import type { ResolvedPolicy } from './resolve-policy.ts'
import { serverHint } from './server-hint.ts'

/** All policies that the settings ask for, as one. What can never refuse is left out. */
export const judgeOf = (settings: ResolvedPolicy): Policy => {
  const policies: Policy[] = []
  if (settings.maxRequestsPerConnection !== Number.POSITIVE_INFINITY) {
    policies.push(maxRequests(settings.maxRequestsPerConnection))
  }
  if (settings.maxConnectionAgeMs !== Number.POSITIVE_INFINITY) {
    policies.push(maxAge(settings.maxConnectionAgeMs, settings.connectionAgeJitter))
  }
  if (settings.serverHints === 'honor') policies.push(serverHint(settings.serverHintMarginMs))
  if (settings.learnIdleLimit) policies.push(learnedIdleLimit)
  if (settings.idleTimeoutMs !== Number.POSITIVE_INFINITY) {
    policies.push(idleTimeout(settings.idleTimeoutMs))
  }
  return combinePolicies(policies)
}
