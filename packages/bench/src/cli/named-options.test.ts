import { describe, expect, it } from 'vitest'
import { describeNamedOptions, readNamedOptions } from './named-options.ts'

const THINGS = {
  big: {
    description: 'a big one',
    options: {
      size: { kind: 'integer', description: 'how big', default: 5, min: 1, max: 9 },
      waitMs: {
        kind: 'time',
        unit: 'ms',
        description: 'how long',
        default: 1000,
        min: 1,
        max: 9e3,
      },
      loud: { kind: 'flag', description: 'whether it shouts', default: true },
    },
  },
  plain: { description: 'one without options', options: {} },
} as const

describe('readNamedOptions', () => {
  it('fills in the defaults, and reads each value as its option says', () => {
    expect(readNamedOptions('thing', THINGS, 'big')).toEqual({
      name: 'big',
      values: { size: 5, waitMs: 1000, loud: true },
    })
    expect(readNamedOptions('thing', THINGS, 'big:size=9,waitMs=2s,loud=false')).toEqual({
      name: 'big',
      values: { size: 9, waitMs: 2000, loud: false },
    })
    expect(readNamedOptions('thing', THINGS, 'plain')).toEqual({ name: 'plain', values: {} })
  })

  it.each([
    ['small', 'unknown thing small; known: big, plain, or none'],
    ['plian', 'unknown thing plian; did you mean plain?'],
    ['toString', 'unknown thing toString; known: big, plain, or none'],
    ['big:size=0', "thing big: size must be a whole number from 1 to 9, got '0'"],
    ['big:sise=1', 'thing big: unknown option sise; did you mean size?'],
    ['big:toString=1', 'thing big: unknown option toString; known: size, waitMs, loud'],
    ['plain:size=1', 'thing plain: unknown option size; it has none'],
    ['big:size', "thing 'big:size': expected key=value, got 'size'"],
  ])('refuses %j', (text, message) => {
    expect(() => readNamedOptions('thing', THINGS, text, ', or none')).toThrow(message)
  })
})

it('describes each name and its options', () => {
  expect(describeNamedOptions(THINGS)).toEqual([
    '  big                   a big one',
    '    size                how big (1 to 9; default 5)',
    '    waitMs              how long (1ms to 9s; default 1s)',
    '    loud                whether it shouts (default true)',
    '  plain                 one without options',
  ])
})
