import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../errors.ts'
import { type PolicyForOptions, policyFor } from './policy-for.ts'
import { PROFILES } from './profiles.ts'
import { readPath } from './read-path.ts'

const errorOf = (path: unknown, options?: unknown): InvalidOptionError => {
  try {
    policyFor(path as never, options as PolicyForOptions)
  } catch (error) {
    if (error instanceof InvalidOptionError) return error
    throw error
  }
  throw new Error('the input was accepted')
}

describe('a path is refused', () => {
  it.each([[[]], [undefined], [null], ['nginx'], [{ name: 'nginx' }], [5]])('as %j', (path) => {
    expect(errorOf(path)).toMatchObject({
      code: 'ERR_HOLDFAST_INVALID_OPTION',
      key: 'path',
      value: path,
      allowed: 'an array of at least one profile',
    })
  })

  it.each(['apache', 'Nginx', '', 'toString', '__proto__', 'constructor'])(
    'for the unknown name %j',
    (name) => {
      const error = errorOf(['nginx', name])
      expect(error).toMatchObject({ key: 'path[1]', value: name })
      expect(error.allowed).toContain('apache-2.4, nginx, nginx-1.18')
    },
  )

  it.each([[null], [undefined], [5], [['nginx']], [true]])('for the member %j', (member) => {
    expect(errorOf([member])).toMatchObject({ key: 'path[0]', value: member })
  })

  it('for a hole', () => {
    // biome-ignore lint/suspicious/noSparseArray: that is the case.
    expect(errorOf(['nginx', , 'node'])).toMatchObject({ key: 'path[1]', value: undefined })
  })
})

describe('a profile of the caller is refused', () => {
  it.each([
    ['name', undefined],
    ['name', ''],
    ['name', 5],
    ['title', ''],
    ['versionRange', 2.4],
    ['note', false],
    ['kind', 'router'],
    ['role', 'accept'],
    ['hint', 'sometimes'],
    ['closes', 'rst'],
    ['idleTimeoutMs', -1],
    ['idleTimeoutMs', Number.NaN],
    ['idleTimeoutMs', '5000'],
    ['maxRequests', 0],
    ['maxRequests', 1.5],
    ['maxAgeMs', -1],
    ['timeWaitMs', -1],
    ['tcpKeepAliveDelayMs', 0],
    ['tcpKeepAliveIntervalMs', 0],
    ['tcpKeepAliveProbes', 0],
    ['idleTimeout', 5000],
    ['toString', 5000],
  ])('for %s %j', (key, value) => {
    const error = errorOf([{ name: 'own', [key]: value }])
    expect(error).toMatchObject({
      code: 'ERR_HOLDFAST_INVALID_OPTION',
      key: `path[0].${key}`,
      value,
    })
    expect(error.message).toContain(error.allowed)
  })

  it.each([
    ['value', -5],
    ['verification', 'certain'],
    ['verification', undefined],
    ['source', ''],
    ['source', undefined],
    ['note', 5],
    ['mark', 'measured'],
  ])('for a fact whose %s is %j', (key, value) => {
    const fact = { value: 5000, verification: 'measured', source: 'here', [key]: value }
    expect(errorOf([{ name: 'own', idleTimeoutMs: fact }])).toMatchObject({
      key: `path[0].idleTimeoutMs.${key}`,
      value,
    })
  })
})

describe('options are refused', () => {
  it.each([0, -1, 3_600_001, Number.NaN, Number.POSITIVE_INFINITY, '1000', null])(
    'for a margin of %s',
    (marginMs) => {
      expect(errorOf(['nginx'], { marginMs })).toMatchObject({
        key: 'options.marginMs',
        value: marginMs,
        allowed: 'a number from 1 to 3600000',
      })
    },
  )

  it('for an unknown key', () => {
    expect(errorOf(['nginx'], { margin: 5 })).toMatchObject({ key: 'options.margin', value: 5 })
  })

  it.each([[null], [5], ['1000'], [[1000]]])('as %j', (options) => {
    expect(errorOf(['nginx'], options)).toMatchObject({ key: 'options', value: options })
  })

  it('unless they are within their bounds', () => {
    for (const marginMs of [1, 3_600_000])
      expect(() => policyFor(['nginx'], { marginMs })).not.toThrow()
  })
})

describe('a profile is read', () => {
  it('by its name', () => {
    expect(readPath(['nginx', 'linux'])).toEqual([PROFILES.nginx, PROFILES.linux])
  })

  it('with what the caller leaves out', () => {
    expect(readPath([{ name: 'ours', idleTimeoutMs: 5000, title: undefined }])).toEqual([
      {
        name: 'ours',
        title: 'ours',
        kind: 'server',
        role: 'accepts',
        versionRange: 'own',
        idleTimeoutMs: { value: 5000, verification: 'given', source: 'the caller' },
      },
    ])
  })

  it.each(Object.values(PROFILES))('and $name, given as an object, stays what it is', (profile) => {
    expect(readPath([profile])).toEqual([profile])
  })

  it('without being changed', () => {
    const own = Object.freeze({ name: 'ours', maxRequests: 5 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (marginMs) => {
        policyFor(Object.freeze([own]), Object.freeze({ marginMs }))
      }),
    )
    expect(own).toEqual({ name: 'ours', maxRequests: 5 })
  })
})
