import type { Variant } from '../variants/variant.ts'

/** One client process of the run. */
export interface Participant {
  readonly id: string
  readonly variant: Variant
}

/** The second copy of the baseline. What differs between the two copies is noise. */
export const againOf = (baseline: string): string => `${baseline}-again`

/** The baseline, twice, and then the chosen variants, each once. */
export function participantsOf(baseline: Variant, variants: readonly Variant[]): Participant[] {
  const others = new Map(variants.map((variant) => [variant.name, variant]))
  others.delete(baseline.name)
  return [
    { id: baseline.name, variant: baseline },
    { id: againOf(baseline.name), variant: baseline },
    ...Array.from(others.values(), (variant) => ({ id: variant.name, variant })),
  ]
}
