/** Answer of a comparison of settings. */
export interface Recommendation {
  /** Policy or variant to take, by its name in the result. */
  readonly policy: string
  /** Others that are as good. */
  readonly ties: readonly string[]
  /** Reasons and costs, in sentences. */
  readonly reasons: readonly string[]
  /** Changes at the server that would do better; empty without any. */
  readonly server: readonly string[]
  /** Policy as JavaScript to paste. */
  readonly code: string
}

/** Recommendation in sentences; empty without one. */
export function recommendationLines(recommendation: Recommendation | null): string[] {
  if (recommendation === null) return []
  const { policy, ties, reasons, server } = recommendation
  const tie = ties.length === 0 ? '' : ` (a tie with ${ties.join(', ')})`
  return [
    `take ${policy}${tie}: ${reasons.join('; ')}`,
    ...server.map((advice) => `at the server: ${advice}`),
  ]
}
