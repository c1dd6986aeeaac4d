import { InvalidOptionError } from '../errors.ts'

/** Which numbers are accepted; both bounds are included, and `Infinity` counts as whole. */
export interface Bounds {
  readonly min: number
  readonly max: number
  readonly isInteger: boolean
}

/** The numbers that are accepted, in words. */
export const describeBounds = ({ min, max, isInteger }: Bounds): string => {
  const kind = isInteger ? 'a whole number' : 'a number'
  return max === Number.POSITIVE_INFINITY
    ? `${kind} from ${min}, or Infinity`
    : `${kind} from ${min} to ${max}`
}

/** The value, if it is a number within the bounds. */
export const checkNumber = (key: string, value: unknown, bounds: Bounds): number => {
  const isAllowed =
    typeof value === 'number' &&
    value >= bounds.min &&
    value <= bounds.max &&
    (!bounds.isInteger || Number.isInteger(value) || value === Number.POSITIVE_INFINITY)
  if (!isAllowed) throw new InvalidOptionError(key, value, describeBounds(bounds))
  return value
}
