import { expect, it } from 'vitest'
import { parseSysctl } from './sysctls.ts'

it('takes what belongs to TCP and to a network namespace', () => {
  expect(parseSysctl('tcp_keepalive_time=30')).toEqual({ name: 'tcp_keepalive_time', value: '30' })
  expect(parseSysctl('ip_local_port_range=40000 40100')).toEqual({
    name: 'ip_local_port_range',
    value: '40000 40100',
  })
})

it.each([
  '',
  'tcp_keepalive_time',
  'tcp_keepalive_time=',
  'tcp_keepalive_time=soon',
  'tcp_keepalive_time=1=2',
  '../../kernel/panic=1',
  'ip_forward=1',
])('refuses %j', (text) => {
  expect(() => parseSysctl(text)).toThrow(`got '${text}'`)
})
