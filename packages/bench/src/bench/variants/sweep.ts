import { UsageError } from '../../cli/command-line.ts'
import { specText } from '../../cli/option-rules.ts'
import { type OptionValue, parseSpec } from '../../cli/spec.ts'
import { variantOf } from './parse-variant.ts'
import type { Variant } from './variant.ts'

/** An option and the values it takes in turn. */
export interface Sweep {
  readonly key: string
  readonly values: readonly OptionValue[]
}

/** Whether the options of a client are fields of a policy. */
const isSwept = ({ client }: Variant): boolean => client.startsWith('holdfast')

/** Reads `key=value,value`. Throws {@link UsageError}. */
export function parseSweep(text: string): Sweep {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UsageError(`--sweep expects key=value,value, got '${text}'`)
  const key = text.slice(0, equals)
  const values = text.slice(equals + 1).split(',')
  return {
    key,
    values: values.map((value) => {
      const { options } = parseSpec('sweep', `x:${key}=${value}`)
      return options[key] ?? ''
    }),
  }
}

/** Each variant of ours once for every combination of the values; all others as they are. */
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
      return variantOf(specText({ name: client, options: changed }), client, changed)
    })
}
