import { describe, expect, it } from 'vitest'
import { describeOptions, type OptionSpecs, parseArguments, parseOptions } from './command-line.ts'

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
  to: { kind: 'text', description: 'whither', placeholder: 'FILE' },
  json: { kind: 'flag', description: 'machine readable' },
} as const satisfies OptionSpecs

const MORE_SPECS = {
  wait: { kind: 'duration', description: 'how long', default: 80_000, min: 250, max: 3_600_000 },
  pid: { kind: 'integer', description: 'whose', min: 1, max: 9 },
  header: { kind: 'texts', description: 'also sent', placeholder: "'NAME: VALUE'" },
} as const satisfies OptionSpecs

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

  it.each([
    ['250ms', 250],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('reads the time %s', (text, ms) => {
    expect(parseOptions(MORE_SPECS, ['--wait', text]).wait).toBe(ms)
  })

  it.each(['', '5', 's', '-1s', '5 s', '5S', '249ms', '3600001ms', '1e3s', '2h'])(
    'refuses the time %j',
    (text) => {
      expect(() => parseOptions(MORE_SPECS, [`--wait=${text}`])).toThrow(
        `--wait must be a time such as 250ms, 80s or 5m, from 250ms to 1h, got '${text}'`,
      )
    },
  )
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
    [['--count', '101'], "--count must be a whole number from 1 to 100, got '101'"],
    [['--count', '1.5'], "--count must be a whole number from 1 to 100, got '1.5'"],
    [['--count=-1'], "--count must be a whole number from 1 to 100, got '-1'"],
    [['--count'], "--count must be a whole number from 1 to 100, got ''"],
    [['--path', 'x'], "--path must be one of long, short, got 'x'"],
    [['--sizes', '1,10'], "--sizes must be a whole number from 1 to 9, got '10'"],
    [['--sizes', '1,,2'], "--sizes must be a whole number from 1 to 9, got ''"],
    [['--json=no'], "--json takes no value, got 'no'"],
    [['more'], 'unexpected argument more'],
    [['--', 'more'], 'unexpected argument more'],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(SPECS, args)).toThrow(message)
  })
})

it('describes every option with what is allowed and the default', () => {
  expect(describeOptions(SPECS)).toEqual([
    '  --count N             how many (1 to 100, default 9)',
    '  --seed N              order (0 to 9, default random)',
    '  --path NAME           where (long, short; default long)',
    '  --name NAME           which (may be repeated)',
    '  --sizes N,…           how big (1 to 9, default 1,2)',
    '  --to FILE             whither',
    '  --json                machine readable',
  ])
})

it('describes times in the largest unit, and options without a default', () => {
  expect(describeOptions(MORE_SPECS)).toEqual([
    '  --wait TIME           how long (250ms to 1h, default 80s)',
    '  --pid N               whose (1 to 9)',
    "  --header 'NAME: VALUE'",
    '                        also sent (may be repeated)',
  ])
})
