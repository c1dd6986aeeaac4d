import type { Bounds } from '../options/bounds.ts'

/** How the addresses of a name are looked up, chosen and tried. */
export interface AddressRules {
  /** For how long an answer of the resolver serves; names in use are then looked up again. */
  readonly refreshMs: number
  /** For how long the last answer serves while the resolver fails. */
  readonly staleMs: number
  /** Whether connections are spread over the addresses; where not, the resolver's order counts. */
  readonly spread: boolean
  /** How long an address has to answer a dial before the next one is tried beside it. */
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
