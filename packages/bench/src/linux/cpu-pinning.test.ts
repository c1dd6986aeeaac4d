import { expect, it } from 'vitest'
import { parseAllowedCpus } from './cpu-pinning.ts'

it.each([
  ['0', [0]],
  ['0-1', [0, 1]],
  ['4-6,9', [4, 5, 6, 9]],
  ['0,2-3,16-17', [0, 2, 3, 16, 17]],
])('reads the list %s', (list, cpus) => {
  expect(parseAllowedCpus(`Name:\tnode\nCpus_allowed_list:\t${list}\nThreads:\t7\n`)).toEqual(cpus)
})

it('allows nothing where the kernel does not say', () => {
  expect(parseAllowedCpus('Name:\tnode\n')).toEqual([])
})
