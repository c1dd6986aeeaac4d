import { InvalidOptionError } from '../errors.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'
import type { Caps } from './caps.ts'

const CAPS = ['maxIdlePerOrigin', 'maxPerOrigin', 'maxTotal'] as const

/**
 * The one contradiction that there is between settings: more connections to be kept ready than there
 * may be. Caps may be lowered later; they then hold, and fewer are kept ready.
 *
 * @throws InvalidOptionError naming both settings.
 */
export const checkCaps = ({ minIdlePerOrigin }: ResolvedPolicy, caps: Caps): void => {
  const exceeded = CAPS.find((name) => minIdlePerOrigin > caps[name])
  if (exceeded === undefined) return
  throw new InvalidOptionError(
    'policy.minIdlePerOrigin',
    minIdlePerOrigin,
    `at most ${exceeded}, which is ${caps[exceeded]}`,
  )
}
