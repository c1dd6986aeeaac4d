import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../errors.ts'
import type { PolicyOptions } from './policy-options.ts'
import { resolvePolicy } from './resolve-policy.ts'

describe('a policy with defaults of its own', () => {
  const defaults = { binding: 'late', trim: 'adaptive' } as const

  it.each<[unknown]>([[undefined], [{}], [{ binding: undefined, trim: undefined }]])(
    'has these, and those of the table for the rest, given %o',
    (input) => {
      expect(resolvePolicy(input as PolicyOptions, defaults)).toEqual({
        ...resolvePolicy(),
        ...defaults,
      })
    },
  )

  it('has what it is given rather than them', () => {
    const given = { idleTimeoutMs: 5, binding: 'early' } as const
    const expected = { ...resolvePolicy(), ...given, trim: 'adaptive' }
    expect(resolvePolicy(given, defaults)).toEqual(expected)
  })

  it('refuses what is wrong all the same', () => {
    const input = { binding: 'never' as 'early' }
    expect(() => resolvePolicy(input, defaults)).toThrow(InvalidOptionError)
  })

  it('is frozen, and leaves the next policy without them', () => {
    expect(Object.isFrozen(resolvePolicy({}, defaults))).toBe(true)
    expect(resolvePolicy()).toMatchObject({ binding: 'early', trim: 'none' })
  })
})
