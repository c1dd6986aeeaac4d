import { InvalidOptionError } from '../errors.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'
import type { Caps } from './caps.ts'

const CAPS = ['maxIdlePerOrigin', 'maxPerOrigin', 'maxTotal'] as const

/**
 * Refuses a `minIdlePerOrigin` above the caps. Caps that are lowered later win over it.
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
