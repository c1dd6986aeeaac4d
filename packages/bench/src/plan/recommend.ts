import { LIMITS, type ResolvedPolicy, resolvePolicy } from '@holdfast/core'
import { formatAmount, formatCount, formatMs, formatPercent } from '../forms/format.ts'
import { policyCode } from '../forms/policy-code.ts'
import type { Recommendation } from '../forms/recommendation.ts'
import type { PlanInput } from './plan-input.ts'
import type { PolicyOutlook } from './plan-result.ts'
import type { ServerModel } from './simulation/scenario.ts'

/** Share of all dials from which on a cause is mentioned. */
const WORTH_SAYING = 0.2

/** Share within which two figures are taken as equal, since seeds differ by as much. */
const SAME = 0.05

/** Criteria, the most important first; less is better. */
const CRITERIA: readonly ((outlook: PolicyOutlook) => number)[] = [
  ({ findings }) => (findings.some(({ severity }) => severity === 'breaks') ? 1 : 0),
  ({ forecast }) => forecast.failedShare,
  ({ forecast }) => forecast.staleShare,
  ({ forecast: { opensPerSecond, timeWaits } }) =>
    opensPerSecond + timeWaits.client.mean + timeWaits.upstream.mean,
]

/** Chooses among the policies of a plan: failures first, then dials and TIME_WAITs. */
export function recommend(
  input: PlanInput,
  server: ServerModel,
  outlooks: readonly PolicyOutlook[],
): Recommendation | null {
  const [first] = outlooks
  if (first === undefined) return null
  const best = outlooks.reduce((a, b) => (compare(b, a) < 0 ? b : a), first)
  const ties = outlooks.filter((each) => each !== best && compare(each, best) === 0)
  const policy = resolvePolicy(best.policy)
  return {
    policy: best.name,
    ties: ties.map(({ name }) => name),
    reasons: [...whyOf(best, outlooks), costOf(best)],
    server: adviceFor(best, server),
    code: policyCode(changedFields(policy), { isSecure: input.tls, reasons: {} }),
  }
}

function compare(a: PolicyOutlook, b: PolicyOutlook): number {
  for (const criterion of CRITERIA) {
    const [first, second] = [criterion(a), criterion(b)]
    if (Math.abs(first - second) > SAME * Math.max(first, second)) return first - second
  }
  return 0
}

function whyOf(best: PolicyOutlook, outlooks: readonly PolicyOutlook[]): string[] {
  const { forecast } = best
  const worst = outlooks.reduce((a, b) =>
    a.forecast.opensPerSecond >= b.forecast.opensPerSecond ? a : b,
  )
  const fails = forecast.failedShare + forecast.staleShare
  return [
    `${formatPercent(forecast.reuseShare)} of the requests reuse a connection`,
    fails === 0
      ? 'no request fails in the simulation'
      : `${formatPercent(forecast.failedShare)} of the requests fail, ${formatPercent(forecast.staleShare)} meet a connection that the other side has closed`,
    ...(worst === best
      ? []
      : [
          `${formatAmount(forecast.opensPerSecond)} connections are opened per second, ${formatAmount(worst.forecast.opensPerSecond)} with ${worst.name}`,
        ]),
  ]
}

function costOf({ forecast: { fleet, timeWaits, memory } }: PolicyOutlook): string {
  return `it costs ${formatAmount(fleet.mean)} open connections, ${formatCount(timeWaits.client.mean)} TIME_WAITs at the clients and ${formatCount(timeWaits.upstream.mean)} upstream, ${formatAmount(memory.replicaBytes / 1024)} KiB of memory a replica at peak`
}

/** Reasons to close that come from idleness. */
const BY_IDLENESS = ['server_hint', 'learned_limit', 'peer_fin', 'peer_reset', 'idle_timeout']

function adviceFor({ simulation, forecast }: PolicyOutlook, server: ServerModel): string[] {
  const { opensPerSecond, requestsPerConnection } = forecast
  const closes = Object.entries(simulation.closes)
  const all = closes.reduce((sum, [, count]) => sum + count, 0)
  if (all === 0) return []
  // A connection that served as many requests as it may has ended for that reason.
  const byCap = Math.min(1, requestsPerConnection / server.maxRequests)
  const idle = closes.filter(([reason]) => BY_IDLENESS.includes(reason))
  const byIdleness = idle.reduce((sum, [, count]) => sum + count, 0) / all - byCap
  const usualMs = LIMITS.idleTimeoutMs.default + LIMITS.serverHintMarginMs.default
  return [
    ...(byCap >= WORTH_SAYING
      ? [
          `raise its cap of ${formatCount(server.maxRequests)} requests per connection (MaxKeepAliveRequests, keepalive_requests), which causes ${formatPercent(byCap)} of the ${formatAmount(opensPerSecond)} dials per second`,
        ]
      : []),
    ...(server.idleTimeoutMs < usualMs && byIdleness >= WORTH_SAYING
      ? [
          `lengthen its idle time-out of ${formatMs(server.idleTimeoutMs)} (KeepAliveTimeout, keepalive_timeout) to more than ${formatMs(usualMs)}: idle ends cause ${formatPercent(byIdleness)} of the ${formatAmount(opensPerSecond)} dials per second`,
        ]
      : []),
  ]
}

/** Fields that differ from the defaults. */
function changedFields(policy: ResolvedPolicy): Partial<ResolvedPolicy> {
  const byDefault: ResolvedPolicy = resolvePolicy()
  const entries = Object.entries(policy).filter(
    ([field, value]) =>
      JSON.stringify(value) !== JSON.stringify(byDefault[field as keyof ResolvedPolicy]) ||
      (typeof value === 'number' && value !== byDefault[field as keyof ResolvedPolicy]),
  )
  return Object.fromEntries(entries)
}
