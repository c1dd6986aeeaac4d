import { expect, it } from 'vitest'
import type { Options } from './option.ts'
import { describeOptions } from './option-help.ts'

const OPTIONS = {
  count: { kind: 'integer', description: 'how many', default: 9, min: 1, max: 100 },
  seed: {
    kind: 'integer',
    description: 'order',
    default: 5,
    defaultText: 'random',
    min: 0,
    max: 9,
  },
  wait: { kind: 'time', description: 'how long', default: 80_000, min: 250, max: 3_600_000 },
  idle: { kind: 'time', unit: 's', description: 'how idle', min: 1, max: 3600 },
  path: { kind: 'choice', description: 'where', choices: ['long', 'short'], default: 'long' },
  name: { kind: 'texts', description: 'which', placeholder: 'NAME', default: ['a', 'b'] },
  sizes: { kind: 'integers', description: 'how big', default: [1, 2], min: 1, max: 9 },
  to: { kind: 'text', description: 'where to', placeholder: 'FILE' },
  by: { kind: 'text', description: 'how', placeholder: 'WAY', default: 'foot' },
  header: { kind: 'texts', description: 'also sent', placeholder: "'NAME: VALUE'" },
  json: { kind: 'flag', description: 'machine readable' },
} as const satisfies Options

it('describes every option with its values and its default', () => {
  expect(describeOptions(OPTIONS)).toEqual([
    '  --count N             how many (1 to 100; default 9)',
    '  --seed N              order (0 to 9; default random)',
    '  --wait TIME           how long (250ms to 1h; default 80s)',
    '  --idle TIME           how idle (1s to 1h)',
    '  --path NAME           where (long, short; default long)',
    '  --name NAME           which (may be repeated; default a, b)',
    '  --sizes N,…           how big (1 to 9; default 1, 2)',
    '  --to FILE             where to',
    '  --by WAY              how (default foot)',
    "  --header 'NAME: VALUE'",
    '                        also sent (may be repeated)',
    '  --json                machine readable',
  ])
})

it('breaks long descriptions at the width of the terminal', () => {
  const long = {
    to: { kind: 'text', description: 'one two three four', placeholder: 'X' },
  } as const

  expect(describeOptions(long, 34)).toEqual([
    '  --to X                one two',
    '                        three four',
  ])
})
