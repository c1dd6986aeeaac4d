import { InvalidOptionError } from '../errors.ts'

/** The range of numbers that a setting accepts. */
export interface Bounds {
  /** The least number that is accepted. */
  readonly min: number
  /** The greatest number that is accepted; `Infinity` where there is none. */
  readonly max: number
  /** Whether only whole numbers are accepted, of which `Infinity` counts as one. */
  readonly isInteger: boolean
}

/** Describes the accepted numbers for people. */
export const describeBounds = ({ min, max, isInteger }: Bounds): string => {
  const kind = isInteger ? 'a whole number' : 'a number'
  return max === Number.POSITIVE_INFINITY
    ? `${kind} from ${min}, or Infinity`
    : `${kind} from ${min} to ${max}`
}

/**
 * Returns the value, if it is a number within the bounds.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for any other value.
 */
export const checkNumber = (key: string, value: unknown, bounds: Bounds): number => {
  const isAllowed =
    typeof value === 'number' &&
    value >= bounds.min &&
    value <= bounds.max &&
    (!bounds.isInteger || Number.isInteger(value) || value === Number.POSITIVE_INFINITY)
  if (!isAllowed) throw new InvalidOptionError(key, value, describeBounds(bounds))
  return value
}
