import type { Bounds } from '../options/bounds.ts'

/** Settings for how the addresses of a name are looked up, chosen and tried. */
export interface AddressRules {
  /**
   * The time that an answer of the resolver serves, in milliseconds; names in use are then looked
   * up again. Default: 30,000. 1 to 2,147,483,647.
   */
  readonly refreshMs: number
  /**
   * The time that the last answer serves while the resolver fails, in milliseconds. Default:
   * 300,000. From 1, or `Infinity`.
   */
  readonly staleMs: number
  /**
   * Whether connections are spread over the addresses; otherwise the resolver's order counts.
   * Default: `true`.
   */
  readonly spread: boolean
  /**
   * The time before the next address is tried beside one that has not answered, in milliseconds.
   * Default: 250. 10 to 2,147,483,647.
   */
  readonly attemptTimeoutMs: number
}

/** The longest delay that timers take. */
const MAX_DELAY_MS = 2_147_483_647

/** The defaults and bounds of the rules that are numbers. */
export const ADDRESS_LIMITS: Readonly<
  Record<Exclude<keyof AddressRules, 'spread'>, Bounds & { readonly default: number }>
> = {
  refreshMs: { default: 30_000, min: 1, max: MAX_DELAY_MS, isInteger: false },
  staleMs: { default: 300_000, min: 1, max: Number.POSITIVE_INFINITY, isInteger: false },
  attemptTimeoutMs: { default: 250, min: 10, max: MAX_DELAY_MS, isInteger: false },
}
