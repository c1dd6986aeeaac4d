import { BASELINE, type VariantName } from '../variants.ts'

/** One client process of the run. */
export interface Participant {
  readonly id: string
  readonly variant: VariantName
}

/** The second copy of the baseline. What differs between the two copies is noise. */
export const BASELINE_AGAIN: `${typeof BASELINE}-again` = `${BASELINE}-again`

/** The baseline, twice, and then the chosen variants, each once. */
export function participantsOf(variants: readonly VariantName[]): Participant[] {
  const others = new Set(variants)
  others.delete(BASELINE)
  return [
    { id: BASELINE, variant: BASELINE },
    { id: BASELINE_AGAIN, variant: BASELINE },
    ...Array.from(others, (variant) => ({ id: variant, variant })),
  ]
}
