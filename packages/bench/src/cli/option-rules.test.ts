import { describe, expect, it } from 'vitest'
import { checkOptions, describeRules, specText } from './option-rules.ts'

const RULES = {
  size: { kind: 'number', description: 'how big', default: 5, min: 1, max: 9 },
  way: { kind: 'choice', description: 'how', default: 'On', choices: ['On', 'Off'] },
  loud: { kind: 'flag', description: 'whether', default: false },
} as const

describe('checkOptions', () => {
  it('fills in the defaults', () => {
    expect(checkOptions('thing', RULES, { name: 'x', options: { size: 9 } })).toEqual({
      size: 9,
      way: 'On',
      loud: false,
    })
  })

  it.each([
    [{ size: 0 }, "thing x: size must be a number from 1 to 9, got '0'"],
    [{ size: 9.5 }, "thing x: size must be a number from 1 to 9, got '9.5'"],
    [{ size: 'big' }, "thing x: size must be a number from 1 to 9, got 'big'"],
    [{ way: 'on' }, "thing x: way must be one of On, Off, got 'on'"],
    [{ loud: 1 }, "thing x: loud must be true or false, got '1'"],
    [{ toString: 1 }, 'thing x: unknown option toString; known: size, way, loud'],
  ])('refuses %j', (options, message) => {
    expect(() => checkOptions('thing', RULES, { name: 'x', options })).toThrow(message)
  })

  it('says where there are no options', () => {
    expect(() => checkOptions('thing', {}, { name: 'x', options: { size: 1 } })).toThrow(
      'thing x: unknown option size; it has none',
    )
  })
})

it('describes each rule with what is allowed', () => {
  expect(describeRules(RULES)).toEqual([
    '    size                how big (a number from 1 to 9, default 5)',
    '    way                 how (one of On, Off, default On)',
    '    loud                whether (true or false, default false)',
  ])
})

it('writes a spec as it is read', () => {
  expect(specText({ name: 'x', options: {} })).toBe('x')
  expect(specText({ name: 'x', options: { size: 2, loud: true } })).toBe('x:size=2,loud=true')
})
