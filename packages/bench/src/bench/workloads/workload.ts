import { UsageError } from '../../cli/command-line.ts'
import { didYouMean } from '../../cli/nearest.ts'
import { type CheckedOptions, checkOptions } from '../../cli/option-rules.ts'
import { parseSpec } from '../../cli/spec.ts'

/** The options of each workload. */
export const WORKLOAD_RULES = {
  closed: {},
  open: {
    rate: {
      kind: 'number',
      description: 'requests per second, whether or not earlier ones have ended',
      default: 500,
      min: 1,
      max: 20_000,
    },
  },
  burst: {
    size: {
      kind: 'number',
      description: 'requests at once',
      default: 200,
      min: 1,
      max: 5000,
    },
    idleMs: {
      kind: 'number',
      unit: 'ms',
      description: 'pause before each burst',
      default: 250,
      min: 1,
      max: 600_000,
    },
  },
  gap: {
    gapMs: {
      kind: 'number',
      unit: 'ms',
      description: 'pause after each request of a connection',
      default: 1000,
      min: 1,
      max: 600_000,
    },
    spread: {
      kind: 'number',
      description: 'share by which a pause may be shorter or longer',
      default: 0.02,
      min: 0,
      max: 1,
    },
  },
  idle: {},
} as const

export type WorkloadName = keyof typeof WORKLOAD_RULES

/** What each workload is for. */
export const WORKLOAD_DESCRIPTIONS: Readonly<Record<WorkloadName, string>> = {
  closed: 'the next request begins when one has ended: capacity, CPU per request',
  open: 'requests at a rate, their latency counted from when they were due: tails',
  burst: 'a pause, then many requests at once, and again: connections opened',
  gap: "pauses as long as the upstream's time-out: requests that meet a closing connection",
  idle: 'opens the connections anew and leaves them idle: memory of each',
}

/** How requests follow each other. */
export type Workload = {
  readonly [K in WorkloadName]: { readonly kind: K } & CheckedOptions<(typeof WORKLOAD_RULES)[K]>
}[WorkloadName]

/** Reads `name` or `name:key=value`. Throws a UsageError. */
export function parseWorkload(text: string): Workload {
  const spec = parseSpec('workload', text)
  if (!isWorkloadName(spec.name)) {
    const known = Object.keys(WORKLOAD_RULES).join(', ')
    throw new UsageError(
      `unknown workload ${spec.name}${didYouMean(spec.name, Object.keys(WORKLOAD_RULES)) || `; known: ${known}`}`,
    )
  }
  const options = checkOptions('workload', WORKLOAD_RULES[spec.name], spec)
  return { kind: spec.name, ...options } as Workload
}

function isWorkloadName(name: string): name is WorkloadName {
  return Object.hasOwn(WORKLOAD_RULES, name)
}

/** Requests in progress at most, so that no client has to let one wait by configuration. */
export function concurrencyOf(workload: Workload, connections: number): number {
  return workload.kind === 'burst' ? Math.max(workload.size, connections) : connections
}

/**
 * Requests of a slice where the workload decides; undefined where they depend on how fast a
 * client is.
 */
export function plannedAmount(
  workload: Workload,
  connections: number,
  sliceMs: number,
): number | undefined {
  switch (workload.kind) {
    case 'closed':
      return
    case 'open':
      return Math.max(1, Math.round((workload.rate * sliceMs) / 1000))
    case 'burst':
      return workload.size * Math.max(1, Math.round(sliceMs / workload.idleMs))
    case 'gap':
      return connections * (1 + Math.max(1, Math.round(sliceMs / workload.gapMs)))
    case 'idle':
      return connections
    default:
      return workload satisfies never
  }
}
