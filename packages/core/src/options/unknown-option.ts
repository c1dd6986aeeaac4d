import { InvalidOptionError } from '../errors.ts'
import { nearestName } from './nearest-name.ts'

/** The options that there are. */
export interface KnownOptions {
  readonly names: Iterable<string>
  /** What to use instead of options that something else knows, by their names there. */
  readonly instead?: Readonly<Record<string, string>>
  /** Where they stand, as in `policy.`; left out, nowhere else. */
  readonly prefix?: string
}

/** What to throw for an option that is not known: it names ours, or the one that may be meant. */
export const unknownOption = (
  name: string,
  value: unknown,
  { names, instead = {}, prefix = '' }: KnownOptions,
): InvalidOptionError => {
  const replacement = Object.hasOwn(instead, name) ? instead[name] : undefined
  const nearest = nearestName(name, names)
  let allowed = 'left out: there is no such option'
  if (replacement !== undefined) allowed = `left out: use ${replacement}`
  else if (nearest !== undefined) allowed = `spelt ${prefix}${nearest}`
  return new InvalidOptionError(`${prefix}${name}`, value, allowed)
}

/**
 * Options that are `undefined` count as left out, also where they are not known.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for the first one that is not known.
 */
export const refuseUnknownOptions = (given: object, known: KnownOptions): void => {
  const names = new Set(known.names)
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !names.has(name)) throw unknownOption(name, value, known)
  }
}
