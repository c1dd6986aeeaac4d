import { InvalidOptionError } from '../errors.ts'
import { nearestName } from './nearest-name.ts'

/** The known options of one object. */
export interface KnownOptions {
  /** The names of the known options. */
  readonly names: Iterable<string>
  /** The option of ours to use instead, by the name that another library has for it. */
  readonly instead?: Readonly<Record<string, string>>
  /** Prefix of the names in errors, such as `policy.`. Default: none. */
  readonly prefix?: string
}

/** Makes the error for an unknown option. It names the known ones, or the one that may be meant. */
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
 * Refuses unknown options. One that is `undefined` counts as left out, even if it is unknown.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for the first one that is not known.
 */
export const refuseUnknownOptions = (given: object, known: KnownOptions): void => {
  const names = new Set(known.names)
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !names.has(name)) throw unknownOption(name, value, known)
  }
}
