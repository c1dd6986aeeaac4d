import { readNamedOptions } from '../../cli/named-options.ts'
import type { OptionValues } from '../../cli/option.ts'

/** Workloads with their options. */
export const WORKLOADS = {
  closed: {
    description: 'the next request begins when one has ended: capacity, CPU per request',
    options: {},
  },
  open: {
    description: 'requests at a rate, their latency counted from when they were due: tails',
    options: {
      rate: {
        kind: 'number',
        description: 'requests per second, whether or not earlier ones have ended',
        default: 500,
        min: 1,
        max: 20_000,
      },
    },
  },
  burst: {
    description: 'a pause, then many requests at once, and again: connections opened',
    options: {
      size: {
        kind: 'integer',
        description: 'requests at once',
        default: 200,
        min: 1,
        max: 5000,
      },
      idleMs: {
        kind: 'time',
        unit: 'ms',
        description: 'pause before each burst',
        default: 250,
        min: 1,
        max: 600_000,
      },
    },
  },
  gap: {
    description:
      "pauses as long as the upstream's time-out: requests that meet a closing connection",
    options: {
      gapMs: {
        kind: 'time',
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
  },
  idle: {
    description: 'opens the connections anew and leaves them idle: memory of each',
    options: {},
  },
} as const

export type WorkloadName = keyof typeof WORKLOADS

/** Order in which requests follow each other. */
export type Workload = {
  readonly [K in WorkloadName]: { readonly kind: K } & OptionValues<
    (typeof WORKLOADS)[K]['options']
  >
}[WorkloadName]

/**
 * Reads `name` or `name:key=value`.
 *
 * @throws UsageError for anything else
 */
export function parseWorkload(text: string): Workload {
  const { name, values } = readNamedOptions('workload', WORKLOADS, text)
  return { kind: name, ...values } as Workload
}

/**
 * Highest number of requests in progress; the client's caps are set to it, so that none has to
 * wait.
 */
export function concurrencyOf(workload: Workload, connections: number): number {
  return workload.kind === 'burst' ? Math.max(workload.size, connections) : connections
}

/**
 * Requests of a slice where the workload fixes them; undefined where they depend on the client's
 * speed.
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
