import { formatCount, formatUs } from '../../forms/format.ts'
import { policyCode } from '../../forms/policy-code.ts'
import type { Recommendation } from '../../forms/recommendation.ts'
import type { CloseRace, ParticipantSummary, Scenario } from '../bench-result.ts'
import type { Upstream } from '../upstreams/upstream.ts'
import { holdfastOptionsOf } from '../variants/client-options.ts'

/**
 * Share within which counts, and costs, are taken as equal; for costs the noise floor, if wider.
 */
const SAME = 0.05

/** Share of a server's cap from which on the cap is what ends connections. */
const NEAR_CAP = 0.8

/** Figures that a recommendation is based on. */
export interface Measured {
  readonly scenario: Scenario
  readonly participants: readonly ParticipantSummary[]
  readonly closeRace: CloseRace | null
  /** Factor within which CPU per request cannot be told apart; null where it is not known. */
  readonly noiseFloor: number | null
}

/**
 * Chooses among the settings of our clients that a run compares: failures first, then connections
 * and TIME_WAITs, then CPU. Null with fewer than two of them.
 */
export function recommendVariant(measured: Measured): Recommendation | null {
  const { scenario, participants, noiseFloor } = measured
  const ours = scenario.participants.filter(({ variant }) => variant.client.startsWith('holdfast'))
  const candidates = ours.flatMap(({ id, variant }) => {
    const summary = participants.find(({ participant }) => participant === id)
    return summary === undefined ? [] : [{ variant, summary, lost: lostBy(measured, summary) }]
  })
  const [first] = candidates
  if (first === undefined || candidates.length < 2) return null
  const compare = (a: Candidate, b: Candidate): number =>
    differenceOf(a.lost, b.lost, 0) ||
    differenceOf(dialsOf(a.summary), dialsOf(b.summary), SAME) ||
    differenceOf(cpuOf(a.summary), cpuOf(b.summary), Math.max(SAME, (noiseFloor ?? 1) - 1))
  const best = candidates.reduce((a, b) => (compare(b, a) < 0 ? b : a), first)
  const ties = candidates.filter((each) => each !== best && compare(each, best) === 0)
  const { policy } = holdfastOptionsOf(best.variant.client, best.variant.options)
  return {
    policy: best.variant.name,
    ties: ties.map(({ variant }) => variant.name),
    reasons: reasonsFor(best, candidates),
    server: adviceFor(scenario.upstream, best.summary),
    code: policyCode(policy, { isSecure: scenario.tls, reasons: {} }),
  }
}

interface Candidate {
  readonly variant: Scenario['participants'][number]['variant']
  readonly summary: ParticipantSummary
  /** Requests lost in the blocks and in the race. */
  readonly lost: number
}

function lostBy({ closeRace }: Measured, { participant, failed }: ParticipantSummary): number {
  const outcome = closeRace?.outcomes.find((each) => each.participant === participant)
  return failed + (outcome?.lost ?? 0)
}

const dialsOf = ({ connections, timeWaits }: ParticipantSummary): number =>
  (connections ?? 0) + (timeWaits?.client ?? 0) + (timeWaits?.upstream ?? 0)

const cpuOf = ({ cpuPerRequestUs }: ParticipantSummary): number => cpuPerRequestUs ?? 0

/** Difference of two figures; 0 within this share of the greater one. */
function differenceOf(a: number, b: number, share: number): number {
  return Math.abs(a - b) <= share * Math.max(a, b) ? 0 : a - b
}

function reasonsFor(best: Candidate, candidates: readonly Candidate[]): string[] {
  const { connections, timeWaits, cpuPerRequestUs, attempted } = best.summary
  const others = candidates.filter((each) => each !== best)
  const lost = others.map(
    ({ variant, lost: count }) => `${formatCount(count)} with ${variant.name}`,
  )
  const opened = others.map(
    ({ variant, summary }) => `${formatCount(summary.connections)} with ${variant.name}`,
  )
  return [
    `${formatCount(best.lost)} requests lost of ${formatCount(attempted)} (${lost.join(', ')})`,
    `${formatCount(connections)} connections opened (${opened.join(', ')})`,
    `it costs ${formatUs(cpuPerRequestUs)} of CPU per request and ${formatCount((timeWaits?.client ?? 0) + (timeWaits?.upstream ?? 0))} TIME_WAITs`,
  ]
}

/** Change that would help at a server that we run, in its own terms. */
function adviceFor(upstream: Upstream, { requestsPerConnection }: ParticipantSummary): string[] {
  const [name, cap] = capOf(upstream)
  if (cap === 0 || requestsPerConnection === null || requestsPerConnection < NEAR_CAP * cap)
    return []
  return [`raise ${name}, which ends connections after ${formatCount(cap)} requests`]
}

function capOf(upstream: Upstream): [name: string, cap: number] {
  switch (upstream.kind) {
    case 'node':
      return ['maxRequestsPerSocket', upstream.options.maxRequests]
    case 'nginx':
      return ['keepalive_requests', upstream.options.keepalive_requests]
    case 'apache':
      return ['MaxKeepAliveRequests', upstream.options.MaxKeepAliveRequests]
    default:
      return ['', 0]
  }
}
