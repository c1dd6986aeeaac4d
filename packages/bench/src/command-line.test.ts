import { describe, expect, it } from 'vitest'
import { describeOptions, type OptionSpecs, parseOptions } from './command-line.ts'

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
  name: { kind: 'choices', description: 'which', choices: ['a', 'b', 'c'] },
  json: { kind: 'flag', description: 'machine readable' },
} as const satisfies OptionSpecs

describe('parseOptions', () => {
  it('fills in the defaults', () => {
    expect(parseOptions(SPECS, [])).toEqual({
      count: 9,
      seed: 5,
      path: 'long',
      name: ['a', 'b', 'c'],
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
    ]
    expect(parseOptions(SPECS, args)).toEqual({
      count: 1,
      seed: 0,
      path: 'short',
      name: ['c', 'a'],
      json: true,
    })
  })

  it('lets the last word count', () => {
    expect(parseOptions(SPECS, ['--count', '2', '--count', '100']).count).toBe(100)
  })

  it.each([
    [['--wrong', '1'], 'unknown option --wrong; allowed: --count, --seed, --path, --name, --json'],
    [['-c'], 'unknown option -c; allowed: --count, --seed, --path, --name, --json'],
    [['--toString'], 'unknown option --toString; allowed: --count, --seed, --path, --name, --json'],
    [['--count', '0'], "--count must be a whole number from 1 to 100, got '0'"],
    [['--count', '101'], "--count must be a whole number from 1 to 100, got '101'"],
    [['--count', '1.5'], "--count must be a whole number from 1 to 100, got '1.5'"],
    [['--count=-1'], "--count must be a whole number from 1 to 100, got '-1'"],
    [['--count'], "--count must be a whole number from 1 to 100, got ''"],
    [['--path', 'x'], "--path must be one of long, short, got 'x'"],
    [['--name', 'a', '--name', 'd'], "--name must be one of a, b, c, got 'd'"],
    [['--json=no'], "--json takes no value, got 'no'"],
    [['more'], 'unexpected argument more'],
    [['--', 'more'], 'unexpected argument more'],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(SPECS, args)).toThrow(message)
  })
})

it('describes every option with what is allowed and the default', () => {
  expect(describeOptions(SPECS)).toEqual([
    '  --count N    how many (1 to 100, default 9)',
    '  --seed N     order (0 to 9, default random)',
    '  --path NAME  where (long, short; default long)',
    '  --name NAME  which (a, b, c; default all)',
    '  --json       machine readable',
  ])
})
