import { expect, it } from 'vitest'
import { Address, FIRST_PASS_OVER_MS, LONGEST_PASS_OVER_MS } from './address.ts'

const createAddress = (): Address<unknown> => new Address({ address: '192.0.2.1', family: 4 })

it('is passed over until its time is up, that instant not included', () => {
  const address = createAddress()
  expect(address.isPassedOver(0)).toBe(false)
  address.fail(1000)
  expect(address.isPassedOver(1000 + FIRST_PASS_OVER_MS - 1)).toBe(true)
  expect(address.isPassedOver(1000 + FIRST_PASS_OVER_MS)).toBe(false)
  expect(address.isPassedOver(1000 + FIRST_PASS_OVER_MS + 1)).toBe(false)
})

it('is passed over for twice as long each time, up to a minute', () => {
  const address = createAddress()
  const pauses: number[] = []
  let nowMs = 0
  for (let count = 0; count < 9; count++) {
    address.fail(nowMs)
    pauses.push(address.passedOverUntilMs - nowMs)
    nowMs = address.passedOverUntilMs
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  expect(LONGEST_PASS_OVER_MS).toBe(60_000)
})

it('counts what fails while it is passed over as one failure', () => {
  const address = createAddress()
  expect(address.fail(0)).toBe(true)
  expect(address.fail(1)).toBe(false)
  expect(address.fail(999)).toBe(false)
  expect(address).toMatchObject({ failureCount: 1, passedOverUntilMs: 1000 })
})

it('is tried by one dial, once its time is up, and passed over by the others meanwhile', () => {
  const address = createAddress()
  address.fail(0)
  address.try(1000)
  expect(address.isPassedOver(1000)).toBe(true)
  expect(address.isOnTrial).toBe(true)
  address.fail(1400)
  expect(address).toMatchObject({ failureCount: 2, passedOverUntilMs: 3400, isOnTrial: false })
})

it('is tried anew where the dial that tried it told nothing', () => {
  const address = createAddress()
  address.fail(0)
  address.try(1000)
  expect(address.isPassedOver(1999)).toBe(true)
  expect(address.isPassedOver(2000)).toBe(false)
})

it('forgets its failures with a success', () => {
  const address = createAddress()
  address.fail(0)
  address.fail(1000)
  address.succeed()
  expect(address.isPassedOver(1000)).toBe(false)
  address.fail(5000)
  expect(address.passedOverUntilMs).toBe(6000)
})
