import type { CloseReason } from '../src/connection/close-reason.ts'
import type { RejectionCode } from '../src/connection/rejection-code.ts'

/** Something that has happened, as the statistics count it. */
export interface ReferenceFact {
  readonly kind:
    | 'dials'
    | 'dialFailures'
    | 'leases'
    | 'reuses'
    | 'waits'
    | 'rejections'
    | 'replays'
    | 'moves'
    | 'failures'
    | 'closes'
  readonly origin: string
  readonly reason?: CloseReason | RejectionCode
  /** Whether its origin was unknown then or has been forgotten since: it counts in total only. */
  isPast: boolean
}

export type FactCounts = Record<Exclude<ReferenceFact['kind'], 'closes'>, number> & {
  closes: Partial<Record<CloseReason, number>>
  rejectionsByCode: Partial<Record<RejectionCode, number>>
}

const nothing = (): FactCounts => ({
  dials: 0,
  dialFailures: 0,
  leases: 0,
  reuses: 0,
  waits: 0,
  rejections: 0,
  rejectionsByCode: {},
  replays: 0,
  moves: 0,
  failures: 0,
  closes: {},
})

const add = (counts: FactCounts, { kind, reason }: ReferenceFact): void => {
  if (kind !== 'closes') counts[kind]++
  if (reason === undefined) return
  const byReason: Partial<Record<string, number>> =
    kind === 'closes' ? counts.closes : counts.rejectionsByCode
  byReason[reason] = (byReason[reason] ?? 0) + 1
}

/** Counts everything from the beginning, in total and for each of the origins. */
export const countFacts = (
  facts: readonly ReferenceFact[],
  origins: readonly string[],
): { readonly total: FactCounts; readonly byOrigin: Map<string, FactCounts> } => {
  const total = nothing()
  const byOrigin = new Map(origins.map((origin) => [origin, nothing()]))
  for (const fact of facts) {
    add(total, fact)
    const counts = fact.isPast ? undefined : byOrigin.get(fact.origin)
    if (counts !== undefined) add(counts, fact)
  }
  return { total, byOrigin }
}
