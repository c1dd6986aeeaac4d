import { expect, it } from 'vitest'
import { measureBusyShare, parseCpuTicks } from './busy-share.ts'

it('reads idle and total time of all CPUs together', () => {
  const stat = 'cpu  10 1 20 300 40 2 3 4 50 60\ncpu0 1 1 1 1 1 1 1 1 1 1\n'
  expect(parseCpuTicks(stat)).toEqual({ idle: 340, total: 380 })
})

it('is null where the kernel does not say', () => {
  expect(parseCpuTicks('')).toBeNull()
  expect(parseCpuTicks('intr 1 2 3 4 5')).toBeNull()
})

it('is a share', async () => {
  const share = await measureBusyShare()
  expect(share).toBeGreaterThanOrEqual(0)
  expect(share).toBeLessThanOrEqual(1)
})
