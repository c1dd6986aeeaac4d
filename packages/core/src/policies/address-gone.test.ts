import { expect, it } from 'vitest'
import { connectionFacts } from '../../test/connection-facts.ts'
import { addressGone } from './address-gone.ts'

it('lets a connection be used whose address is there', () => {
  expect(addressGone(connectionFacts({ isAddressGone: false }), 0)).toBe(Number.POSITIVE_INFINITY)
})

it('lets none be used whose address is gone', () => {
  expect(addressGone(connectionFacts({ isAddressGone: true }), 0)).toBe('address_gone')
})
