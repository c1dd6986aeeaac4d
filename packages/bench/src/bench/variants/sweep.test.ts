import { expect, it } from 'vitest'
import { parseVariant } from './parse-variant.ts'
import { parseSweep, sweepVariants } from './sweep.ts'

const namesOf = (variants: readonly string[], sweeps: readonly string[]): string[] =>
  sweepVariants(variants.map(parseVariant), sweeps.map(parseSweep)).map(({ name }) => name)

it('measures each variant of ours with each value, and leaves the others', () => {
  expect(namesOf(['node', 'holdfast', 'holdfast8-fetch'], ['idleTimeoutMs=500,1000'])).toEqual([
    'node',
    'holdfast:idleTimeoutMs=500',
    'holdfast:idleTimeoutMs=1000',
    'holdfast8-fetch:idleTimeoutMs=500',
    'holdfast8-fetch:idleTimeoutMs=1000',
  ])
})

it('combines several sweeps, and keeps what a variant already sets', () => {
  expect(
    namesOf(['holdfast:staleCheck=none'], ['idleTimeoutMs=1,2', 'learnIdleLimit=true,false']),
  ).toEqual([
    'holdfast:staleCheck=none,idleTimeoutMs=1,learnIdleLimit=true',
    'holdfast:staleCheck=none,idleTimeoutMs=1,learnIdleLimit=false',
    'holdfast:staleCheck=none,idleTimeoutMs=2,learnIdleLimit=true',
    'holdfast:staleCheck=none,idleTimeoutMs=2,learnIdleLimit=false',
  ])
})

it('changes nothing without a sweep', () => {
  expect(namesOf(['short', 'node'], [])).toEqual(['short', 'node'])
})

it.each([
  ['idleTimeoutMs', "--sweep expects key=value,value, got 'idleTimeoutMs'"],
  ['=1', "--sweep expects key=value,value, got '=1'"],
  ['idleTimeoutMs=0', 'policy.idleTimeoutMs must be a number from 1'],
  ['idleTimeout=1', 'policy.idleTimeout must be spelt policy.idleTimeoutMs'],
])('refuses %j', (text, message) => {
  expect(() => namesOf(['holdfast'], [text])).toThrow(message)
})

it('needs something to sweep', () => {
  expect(() => namesOf(['node'], ['idleTimeoutMs=1'])).toThrow(
    '--sweep needs a variant of holdfast',
  )
})
