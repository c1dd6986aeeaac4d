import { type LooseValue, looseValue, specText } from '../../cli/spec.ts'
import { UsageError } from '../../cli/usage-error.ts'
import { variantOf } from './parse-variant.ts'
import type { Variant } from './variant.ts'

/** Option with the values that it takes in turn. */
export interface Sweep {
  readonly key: string
  readonly values: readonly LooseValue[]
}

/** Whether the options of a client are fields of a policy. */
const isSwept = ({ client }: Variant): boolean => client.startsWith('holdfast')

/**
 * Reads `key=value,value`.
 *
 * @throws UsageError for anything else
 */
export function parseSweep(text: string): Sweep {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UsageError(`--sweep expects key=value,value, got '${text}'`)
  const key = text.slice(0, equals)
  const values = text.slice(equals + 1).split(',')
  return { key, values: values.map((value) => looseValue(key, value)) }
}

/** Replaces each variant of ours by one for every combination of the values; others stay. */
export function sweepVariants(variants: readonly Variant[], sweeps: readonly Sweep[]): Variant[] {
  if (sweeps.length === 0) return [...variants]
  if (!variants.some(isSwept)) {
    throw new UsageError('--sweep needs a variant of holdfast')
  }
  return variants.flatMap((variant) =>
    isSwept(variant)
      ? sweeps.reduce<readonly Variant[]>((some, sweep) => some.flatMap(sweptBy(sweep)), [variant])
      : [variant],
  )
}

function sweptBy({ key, values }: Sweep): (variant: Variant) => Variant[] {
  return ({ client, options }) =>
    values.map((value) => {
      const changed = { ...options, [key]: value }
      return variantOf(specText(client, changed), client, changed)
    })
}
