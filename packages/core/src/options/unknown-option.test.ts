import { describe, expect, it } from 'vitest'
import { nearestName } from './nearest-name.ts'
import { refuseUnknownOptions } from './unknown-option.ts'

const NAMES = ['maxSockets', 'maxFreeSockets', 'timeout', 'ca']

describe('nearestName', () => {
  it.each([
    ['maxSocket', 'maxSockets'],
    ['maxsockets', 'maxSockets'],
    ['maxFreeSocket', 'maxFreeSockets'],
    ['MaxSokets', 'maxSockets'],
    ['timeOut', 'timeout'],
    ['timeoutMs', 'timeout'],
    ['timout', 'timeout'],
  ])('takes %s for %s', (name, nearest) => {
    expect(nearestName(name, NAMES)).toBe(nearest)
  })

  it.each(['', 'c', 'colour', 'sockets of all', 'x'.repeat(1_000_000)])(
    'takes %.12s for nothing',
    (name) => {
      expect(nearestName(name, NAMES)).toBeUndefined()
    },
  )
})

describe('an option that is not known', () => {
  const known = { names: NAMES, instead: { sockets: 'maxSockets' }, prefix: 'agent.' }

  it.each([
    [{ maxSocket: 5 }, 'agent.maxSocket must be spelt agent.maxSockets, got 5'],
    [{ sockets: '5' }, 'agent.sockets must be left out: use maxSockets, got "5"'],
    [{ colour: 1 }, 'agent.colour must be left out: there is no such option, got 1'],
    [{ constructor: 1 }, 'agent.constructor must be left out: there is no such option, got 1'],
  ])('is refused: %j', (given, message) => {
    expect(() => refuseUnknownOptions(given, known)).toThrowError(
      expect.objectContaining({ code: 'ERR_HOLDFAST_INVALID_OPTION', message }),
    )
  })

  it('is left out where it is undefined, and where it is a symbol', () => {
    const given = { maxSocket: undefined, [Symbol('own')]: 1, timeout: 1 }
    expect(() => refuseUnknownOptions(given, known)).not.toThrow()
  })
})
