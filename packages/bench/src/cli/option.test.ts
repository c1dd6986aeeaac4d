import { describe, expect, it } from 'vitest'
import { defaultOf, type Option, readOption } from './option.ts'

const COUNT = { kind: 'integer', description: '', min: 1, max: 100 } as const
const SHARE = { kind: 'number', description: '', min: -1, max: 1 } as const
const WAIT = { kind: 'time', description: '', min: 250, max: 3_600_000 } as const
const SLICE = {
  kind: 'time',
  unit: 'ms',
  isWhole: true,
  description: '',
  min: 20,
  max: 600_000,
} as const
const IDLE = { kind: 'time', unit: 's', description: '', min: 0.001, max: 3600 } as const
const FORGET = {
  kind: 'time',
  unit: 's',
  isWhole: true,
  description: '',
  min: 1,
  max: 3600,
} as const
const WAY = { kind: 'choice', description: '', choices: ['On', 'Off'], default: 'On' } as const
const SIZES = { kind: 'integers', description: '', default: [1], min: 1, max: 9 } as const
const LOUD = { kind: 'flag', description: '' } as const
const NAME = { kind: 'text', description: '', placeholder: 'NAME' } as const

describe('a value', () => {
  it.for<[Option, string, unknown]>([
    [COUNT, '1', 1],
    [COUNT, '100', 100],
    [SHARE, '-0.5', -0.5],
    [SHARE, '1', 1],
    [WAIT, '250ms', 250],
    [WAIT, '1.5s', 1500],
    [WAIT, '2m', 120_000],
    [WAIT, '1h', 3_600_000],
    [SLICE, '20', 20],
    [SLICE, '0.5s', 500],
    [IDLE, '5', 5],
    [IDLE, '0.5', 0.5],
    [IDLE, '300ms', 0.3],
    [FORGET, '2m', 120],
    [WAY, 'Off', 'Off'],
    [SIZES, '9,1', [9, 1]],
    [LOUD, 'true', true],
    [LOUD, 'false', false],
    [NAME, '', ''],
  ])('of %j is read from %j', ([option, text, value]) => {
    expect(readOption('it', option, text)).toEqual(value)
  })

  it.for<[Option, readonly string[], string]>([
    [COUNT, ['0', '101', '1.5', '-1', '', 'x', '1e1'], 'a whole number from 1 to 100'],
    [SHARE, ['-2', '1.01', '', 'x'], 'a number from -1 to 1'],
    [
      WAIT,
      ['', '5', 's', '-1s', '5 s', '5S', '249ms', '3600001ms', '1e3s', '2h'],
      'a time such as 250ms, 80s or 5m, from 250ms to 1h',
    ],
    [
      SLICE,
      ['5x', '19', '20.5', '11m', '20.5ms'],
      'a time such as 250ms, 80s or 5m, or a number of ms, from 20ms to 10m, in whole ms',
    ],
    [IDLE, ['2h', '0', '-1'], 'a time such as 250ms, 80s or 5m, or a number of s, from 1ms to 1h'],
    [
      FORGET,
      ['300ms', '1500ms'],
      'a time such as 250ms, 80s or 5m, or a number of s, from 1s to 1h, in whole s',
    ],
    [WAY, ['on', ''], 'one of On, Off'],
    [SIZES, ['10', '1,,2', '', '1,0'], 'whole numbers from 1 to 9 with commas between them'],
    [LOUD, ['1', '', 'yes'], 'true or false'],
  ])('of %j is none of %j', ([option, texts, allowed]) => {
    for (const text of texts) {
      expect(() => readOption('it', option, text)).toThrow(`it must be ${allowed}, got '${text}'`)
    }
  })
})

it.for<[Option, unknown]>([
  [COUNT, undefined],
  [{ ...COUNT, default: 3 }, 3],
  [WAY, 'On'],
  [SIZES, [1]],
  [LOUD, false],
  [{ ...LOUD, default: true }, true],
  [NAME, undefined],
  [{ kind: 'texts', description: '', placeholder: 'NAME' }, []],
])('of %j, which is not given, is %j', ([option, value]) => {
  expect(defaultOf(option)).toEqual(value)
})
