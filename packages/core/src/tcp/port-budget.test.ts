import { expect, it } from 'vitest'
import { connectionsPerSecond, LINUX_EPHEMERAL_PORTS, portCount } from './port-budget.ts'

it("Linux' default range holds 28,232 ports", () => {
  expect(portCount(LINUX_EPHEMERAL_PORTS)).toBe(28_232)
  expect(portCount({ first: 5, last: 5 })).toBe(1)
})

it('a destination takes about 470 short connections per second', () => {
  expect(Math.floor(connectionsPerSecond())).toBe(470)
})

it('takes more with more ports, or where TIME_WAIT is shorter', () => {
  expect(connectionsPerSecond(64_512)).toBeCloseTo(1075.2, 9)
  expect(connectionsPerSecond(28_232, 2000)).toBe(14_116)
})
