import { expect, it } from 'vitest'
import { seededRandom } from './seeded-random.ts'

function firstThree(seed: number): number[] {
  const random = seededRandom(seed)
  return [random(), random(), random()]
}

it('gives the published numbers of mulberry32', () => {
  expect(firstThree(0)).toEqual([
    0.266_429_208_684_712_65, 0.000_329_745_700_582_861_9, 0.223_272_027_447_819_7,
  ])
})

it('gives other numbers for another seed', () => {
  expect(firstThree(1)).not.toEqual(firstThree(2))
  expect(firstThree(2 ** 32 - 1)).not.toEqual(firstThree(0))
})

it('stays within [0, 1) and fills it evenly', () => {
  const random = seededRandom(7)
  const tenths = Array.from({ length: 10 }, () => 0)
  for (let draw = 0; draw < 10_000; draw++) {
    const tenth = Math.floor(random() * 10)
    tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1
  }
  expect(Math.min(...tenths)).toBeGreaterThan(900)
  expect(Math.max(...tenths)).toBeLessThan(1100)
})
