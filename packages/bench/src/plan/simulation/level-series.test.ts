import { expect, it } from 'vitest'
import { LevelSeries } from './level-series.ts'

it('shows at each look what has happened until then', () => {
  const series = new LevelSeries(4, 10)
  series.change(0, 1)
  series.change(10, 1)
  series.change(10.1, 2)
  series.change(30, -3)
  series.change(40.1, 100)
  expect(series.levels()).toEqual([1, 2, 4, 1, 1])
})

it('counts what lasts for some time', () => {
  const series = new LevelSeries(4, 10)
  series.add(5, 20)
  series.add(10, 100)
  expect(series.levels()).toEqual([0, 2, 2, 1, 1])
})
