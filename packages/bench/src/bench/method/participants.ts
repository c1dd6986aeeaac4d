import type { Variant } from '../variants/variant.ts'

/** One client process of the run. */
export interface Participant {
  readonly id: string
  readonly variant: Variant
}

/** Name of the second copy of the baseline. Differences between the two copies are noise. */
export const againOf = (baseline: string): string => `${baseline}-again`

/** Participants of a run: the baseline twice, then each chosen variant once. */
export function participantsOf(baseline: Variant, variants: readonly Variant[]): Participant[] {
  const others = new Map(variants.map((variant) => [variant.name, variant]))
  others.delete(baseline.name)
  return [
    { id: baseline.name, variant: baseline },
    { id: againOf(baseline.name), variant: baseline },
    ...Array.from(others.values(), (variant) => ({ id: variant.name, variant })),
  ]
}
