import { expect, it } from 'vitest'
import { procNetTcp, procRow } from '../../test/proc-net-tcp.ts'
import { parseTcpTable } from './tcp-table.ts'

it('reads ports, states, timers and inodes as the kernel prints them', () => {
  const text = procNetTcp(
    procRow('1F90', 'D3C0', '06', { hundredths: 5900 }),
    procRow('0050', '0000', '0A', { inode: 4711 }),
  )
  expect(parseTcpTable(text)).toEqual([
    {
      localAddress: '0100007F',
      localPort: 8080,
      remoteAddress: '0100007F',
      remotePort: 54_208,
      state: 'TIME_WAIT',
      timerMs: 59_000,
      inode: 0,
    },
    {
      localAddress: '0100007F',
      localPort: 80,
      remoteAddress: '0100007F',
      remotePort: 0,
      state: 'LISTEN',
      timerMs: 0,
      inode: 4711,
    },
  ])
})

it('reads the addresses of IPv6', () => {
  const ipv6 =
    '   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5 1 0 100 0 0 10 0'
  expect(parseTcpTable(procNetTcp(ipv6))).toMatchObject([
    {
      localAddress: '00000000000000000000000001000000',
      localPort: 8080,
      state: 'LISTEN',
      inode: 5,
    },
  ])
})

it('takes an empty table', () => {
  expect(parseTcpTable(procNetTcp())).toEqual([])
  expect(parseTcpTable('')).toEqual([])
})
