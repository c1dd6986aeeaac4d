/** What a comparison of settings ends in. */
export interface Recommendation {
  /** The policy or variant to take, by its name in the result. */
  readonly policy: string
  /** Those that are as good. */
  readonly ties: readonly string[]
  /** Why, and what it costs, in sentences. */
  readonly reasons: readonly string[]
  /** What would have to change on the server's side to do better; empty where nothing would. */
  readonly server: readonly string[]
  /** The policy as JavaScript to paste. */
  readonly code: string
}

/** Which policy to take, and why, in sentences; none where nothing is recommended. */
export function recommendationLines(recommendation: Recommendation | null): string[] {
  if (recommendation === null) return []
  const { policy, ties, reasons, server } = recommendation
  const tie = ties.length === 0 ? '' : ` (a tie with ${ties.join(', ')})`
  return [
    `take ${policy}${tie}: ${reasons.join('; ')}`,
    ...server.map((advice) => `at the server: ${advice}`),
  ]
}
