import { formatCount, formatMs, formatPercent } from '../forms/format.ts'
import type { Forecast } from './forecast.ts'
import type { PlanCase } from './plan-input.ts'
import type { SimulationResult } from './simulation/simulate-fleet.ts'

/**
 * Severity of a finding: `breaks`: a limit is exceeded; `tight`: little is left of it; `note`:
 * worth knowing.
 */
export type Severity = 'breaks' | 'tight' | 'note'

/** Remark on a policy for the reader of a plan. */
export interface Finding {
  readonly code:
    | 'ephemeral_ports'
    | 'overload'
    | 'upstream_connections'
    | 'close_race'
    | 'silent_path'
    | 'request_cap'
    | 'simulated_failures'
  readonly severity: Severity
  readonly text: string
}

/** Share of a limit from which on it is tight. */
const TIGHT_SHARE = 0.8

const SEVERITIES: readonly Severity[] = ['breaks', 'tight', 'note']

/** Limits that break or come close, the worst first. */
export function findingsOf(
  each: PlanCase,
  found: Forecast,
  simulation: SimulationResult,
): Finding[] {
  const all = [
    portFinding(each, found),
    overloadFinding(each, found, simulation),
    upstreamFinding(each, found),
    raceFinding(each, found),
    silenceFinding(each),
    capFinding(each),
    failureFinding(simulation),
  ].filter((finding) => finding !== undefined)
  return all.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
}

function severityOf(share: number): Severity | undefined {
  if (share >= 1) return 'breaks'
  return share >= TIGHT_SHARE ? 'tight' : undefined
}

function portFinding({ input, planned }: PlanCase, { ports }: Forecast): Finding | undefined {
  const severity = severityOf(ports.share)
  if (severity === undefined) return
  const who = input.sharesAddress ? 'the replicas, at their one address,' : 'a replica'
  const guard = planned.guardsPorts
    ? '; holdfast would reset idle connections from 80 % on instead'
    : ''
  return {
    code: 'ephemeral_ports',
    severity,
    text: `${who} would hold ${formatCount(ports.held)} of ${formatCount(ports.available)} ephemeral ports towards one destination; ${formatCount(ports.opensPerSecondLimit)} connections per second closed by the client are the most that ${formatMs(input.timeWaitMs)} of TIME_WAIT allow, then EADDRNOTAVAIL${guard}`,
  }
}

function overloadFinding(
  { input }: PlanCase,
  { inProgress }: Forecast,
  { queue }: SimulationResult,
): Finding | undefined {
  const { maxSockets, replicas, destinations } = input
  const perPool = inProgress / (replicas * destinations)
  if (perPool >= maxSockets) {
    return {
      code: 'overload',
      severity: 'breaks',
      text: `${perPool.toFixed(1)} requests are in progress at a time where ${maxSockets} connections are allowed: the queue grows without end`,
    }
  }
  if (!Number.isFinite(maxSockets) || queue.waitedShare < 0.01) return
  return {
    code: 'overload',
    severity: perPool / maxSockets >= TIGHT_SHARE ? 'tight' : 'note',
    text: `${formatPercent(queue.waitedShare)} of the requests wait for one of ${maxSockets} connections or for a dial; 1 of 100 waits longer than ${formatMs(queue.p99Ms)}`,
  }
}

function upstreamFinding({ input }: PlanCase, { destination }: Forecast): Finding | undefined {
  const severity = severityOf(destination.peak / input.upstreamMaxConnections)
  if (severity === undefined) return
  return {
    code: 'upstream_connections',
    severity,
    text: `${formatCount(destination.peak)} connections at peak at one destination, which takes ${formatCount(input.upstreamMaxConnections)}`,
  }
}

function raceFinding({ planned }: PlanCase, { staleShare }: Forecast): Finding | undefined {
  if (staleShare === 0) return
  const { replay } = planned.policy
  return {
    code: 'close_race',
    severity: 'tight',
    text: `${formatPercent(staleShare)} of the requests meet a connection that the upstream has closed${replay === 'never' ? ' and fail' : '; what may be is sent again'}: keep the idle time-out below the upstream's`,
  }
}

function silenceFinding({ planned, server }: PlanCase): Finding | undefined {
  const { tcpKeepAlive, idleTimeoutMs } = planned.policy
  const probesMs = tcpKeepAlive === false ? Number.POSITIVE_INFINITY : tcpKeepAlive.delayMs
  if (server.forgetsAfterMs > Math.min(probesMs, idleTimeoutMs)) return
  return {
    code: 'silent_path',
    severity: 'breaks',
    text: `something on the path silently forgets a connection after ${formatMs(server.forgetsAfterMs)}, before it is closed (${formatMs(idleTimeoutMs)}) or probed (${probesMs === Number.POSITIVE_INFINITY ? 'never' : formatMs(probesMs)}): requests are lost on it`,
  }
}

function capFinding({ planned, server }: PlanCase): Finding | undefined {
  if (server.maxRequests >= planned.policy.maxRequestsPerConnection) return
  return {
    code: 'request_cap',
    severity: 'note',
    text: `the upstream ends a connection after ${formatCount(server.maxRequests)} requests, before the policy does`,
  }
}

function failureFinding(simulation: SimulationResult): Finding | undefined {
  const rejected = Object.entries(simulation.rejections)
  const failed = simulation.stale.failed + rejected.reduce((sum, [, count]) => sum + count, 0)
  if (failed === 0) return
  const kinds = [
    ...(simulation.stale.failed > 0 ? [`${formatCount(simulation.stale.failed)} stale`] : []),
    ...rejected.map(([code, count]) => `${formatCount(count)} ${code}`),
  ]
  return {
    code: 'simulated_failures',
    severity: 'breaks',
    text: `in the simulation ${formatCount(failed)} of ${formatCount(simulation.requests)} requests failed: ${kinds.join(', ')}`,
  }
}
