import { describe, expect, it } from 'vitest'
import { parseArguments, parseOptions } from './command-line.ts'
import type { Options } from './option.ts'

const SPECS = {
  count: { kind: 'integer', description: 'how many', default: 9, min: 1, max: 100 },
  seed: {
    kind: 'integer',
    description: 'order',
    default: 5,
    defaultText: 'random',
    min: 0,
    max: 9,
  },
  path: { kind: 'choice', description: 'where', choices: ['long', 'short'], default: 'long' },
  name: { kind: 'texts', description: 'which', placeholder: 'NAME' },
  sizes: { kind: 'integers', description: 'how big', default: [1, 2], min: 1, max: 9 },
  to: { kind: 'text', description: 'where to', placeholder: 'FILE' },
  json: { kind: 'flag', description: 'machine readable' },
} as const satisfies Options

const MORE_SPECS = {
  wait: { kind: 'time', description: 'how long', default: 80_000, min: 250, max: 3_600_000 },
  pid: { kind: 'integer', description: 'whose', min: 1, max: 9 },
  header: { kind: 'texts', description: 'also sent', placeholder: "'NAME: VALUE'" },
} as const satisfies Options

describe('parseArguments', () => {
  it('leaves out what was not said and has no default', () => {
    expect(parseArguments(MORE_SPECS, []).options).toEqual({
      wait: 80_000,
      pid: undefined,
      header: [],
    })
  })

  it('takes operands wherever they stand, and texts as they are', () => {
    const args = ['one', '--header', 'A: 1', '--pid', '9', '--header=B:2', '--', '--two']

    expect(parseArguments(MORE_SPECS, args)).toEqual({
      options: { wait: 80_000, pid: 9, header: ['A: 1', 'B:2'] },
      operands: ['one', '--two'],
    })
  })
})

describe('parseOptions', () => {
  it('fills in the defaults', () => {
    expect(parseOptions(SPECS, [])).toEqual({
      count: 9,
      seed: 5,
      path: 'long',
      name: [],
      sizes: [1, 2],
      to: undefined,
      json: false,
    })
  })

  it('takes values in both spellings and repeated names in their order', () => {
    const args = [
      '--count',
      '1',
      '--path=short',
      '--name',
      'c',
      '--name=a',
      '--json',
      '--seed',
      '0',
      '--sizes',
      '9,1',
      '--to=here',
    ]
    expect(parseOptions(SPECS, args)).toEqual({
      count: 1,
      seed: 0,
      path: 'short',
      name: ['c', 'a'],
      sizes: [9, 1],
      to: 'here',
      json: true,
    })
  })

  it('lets the last word count', () => {
    expect(parseOptions(SPECS, ['--count', '2', '--count', '100']).count).toBe(100)
  })

  it.each([
    [['--wrong', '1'], 'unknown option --wrong; see --help'],
    [['-c'], 'unknown option -c; see --help'],
    [['--toString'], 'unknown option --toString; see --help'],
    [['--count', '0'], "--count must be a whole number from 1 to 100, got '0'"],
    [['--count=-1'], "--count must be a whole number from 1 to 100, got '-1'"],
    [['--count'], "--count must be a whole number from 1 to 100, got ''"],
    [['--path', 'x'], "--path must be one of long, short, got 'x'"],
    [['--sizes', '1,10'], '--sizes must be whole numbers from 1 to 9 with commas between them'],
    [['--json=no'], "--json takes no value, got 'no'"],
    [['more'], 'unexpected argument more'],
    [['--', 'more'], 'unexpected argument more'],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(SPECS, args)).toThrow(message)
  })
})
