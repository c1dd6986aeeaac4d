import { expect, it } from 'vitest'
import { didYouMean } from './nearest.ts'

const KNOWN = ['bench', 'plan', 'probe', 'report', 'watch', 'idleTimeoutMs']

it.each([
  ['benhc', 'bench'],
  ['bnech', 'bench'],
  ['prob', 'probe'],
  ['wathc', 'watch'],
  ['idleTimeoutMS', 'idleTimeoutMs'],
  ['idleTimeout', 'idleTimeoutMs'],
])('takes %s for %s', (given, meant) => {
  expect(didYouMean(given, KNOWN)).toBe(`; did you mean ${meant}?`)
})

it.each(['', 'x', 'serve', 'constructor'])('takes %j for nothing', (given) => {
  expect(didYouMean(given, KNOWN)).toBe('')
})
