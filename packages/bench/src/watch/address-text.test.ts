import { expect, it } from 'vitest'
import { addressText, endpointText } from './address-text.ts'

it.each([
  ['0100007F', '127.0.0.1'],
  ['0102030A', '10.3.2.1'],
  ['00000000000000000000000001000000', '::1'],
  ['00000000000000000000000000000000', '::'],
  ['0000000000000000FFFF00000100007F', '127.0.0.1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
  ['000080FE00000000FF005450FE123456', 'fe80::5054:ff:5634:12fe'],
  ['B80D0120010002000300040005000600', '2001:db8:2:1:4:3:6:5'],
])('%s is %s', (kernel, text) => {
  expect(addressText(kernel)).toBe(text)
})

it('puts IPv6 into brackets before a port', () => {
  expect(endpointText('00000000000000000000000001000000', 80)).toBe('[::1]:80')
  expect(endpointText('0100007F', 80)).toBe('127.0.0.1:80')
})
