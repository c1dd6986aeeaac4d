/** What a plan ends in. */
export interface Recommendation {
  /** The policy to take, by its name in the plan. */
  readonly policy: string
  /** Policies of the plan that are as good. */
  readonly ties: readonly string[]
  /** Why, and what it costs, in sentences. */
  readonly reasons: readonly string[]
  /** What would have to change on the server's side to do better; empty where nothing would. */
  readonly server: readonly string[]
  /** The policy as JavaScript to paste. */
  readonly code: string
}
