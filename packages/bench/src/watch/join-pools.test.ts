import type { PoolReport } from '@holdfast/http-agent/publish'
import { describe, expect, it } from 'vitest'
import { rowOf } from '../../test/tcp-rows.ts'
import { joinPools } from './join-pools.ts'
import { poolTables } from './pool-table.ts'

type Connection = PoolReport['connections'][number]

const connectionOf = (some: Partial<Connection>): Connection => ({
  id: 1,
  origin: 'an origin',
  state: 'idle',
  tcpState: 'ESTABLISHED',
  tcpStateAlternatives: ['CLOSE_WAIT'],
  localAddress: '127.0.0.1',
  localPort: 40_000,
  remoteAddress: '127.0.0.1',
  remotePort: 443,
  ageMs: 5000,
  idleMs: 4000,
  requestCount: 7,
  expiresInMs: 51_000,
  closeReason: undefined,
  ...some,
})

const reportOf = (...connections: readonly Connection[]): PoolReport => ({
  name: 'a pool',
  // Of the snapshot, only the figures that are shown.
  stats: {
    connecting: 0,
    idle: 1,
    leased: 0,
    closing: 0,
    lingering: 0,
    waiting: 2,
    leases: 8,
    reuses: 6,
  } as PoolReport['stats'],
  connections,
})

describe('a connection', () => {
  it.each(['ESTABLISHED', 'CLOSE_WAIT'] as const)('agrees where the kernel says %s', (state) => {
    const { connections } = joinPools([reportOf(connectionOf({}))], [[rowOf({ state })]])

    expect(connections).toMatchObject([{ kernelTcpState: state, agrees: true }])
  })

  it.each([
    ['says something else', [rowOf({ state: 'FIN_WAIT_2' })], 'FIN_WAIT_2'],
    ['does not know it', [rowOf({ localPort: 40_001 })], null],
  ])('disagrees where the kernel %s', (_, rows, kernelTcpState) => {
    const { connections } = joinPools([reportOf(connectionOf({}))], [rows, rows])

    expect(connections).toMatchObject([{ kernelTcpState, agrees: false }])
  })

  it.each([
    ['before', [[rowOf({})], []]],
    ['after', [[], [rowOf({})]]],
  ])('agrees where the kernel said so %s the pool was asked', (_, looks) => {
    const { connections } = joinPools([reportOf(connectionOf({}))], looks)

    expect(connections).toMatchObject([{ kernelTcpState: 'ESTABLISHED', agrees: true }])
  })

  it('is left out while it has no ports', () => {
    const dialling = connectionOf({ localPort: undefined, remotePort: undefined })

    expect(joinPools([reportOf(dialling)], [[]]).connections).toEqual([])
  })

  it('is a stranger where it leads to the same server and is in no pool', () => {
    const rows = [
      rowOf({ inode: 1 }),
      rowOf({ localPort: 40_001, inode: 2 }),
      rowOf({ localPort: 40_002, inode: 0, state: 'TIME_WAIT' }),
      rowOf({ localPort: 40_003, remotePort: 444, inode: 3 }),
    ]

    expect(joinPools([reportOf(connectionOf({}))], [rows]).strangers).toBe(1)
  })
})

it('shows pools in figures, and what disagrees first', () => {
  const connections = Array.from({ length: 10 }, (_, i) =>
    connectionOf({ id: i, localPort: 40_000 + i }),
  )
  const rows = Array.from({ length: 9 }, (_, i) => rowOf({ localPort: 40_000 + i }))
  const [pools, table] = poolTables(joinPools([reportOf(...connections)], [rows]))

  expect(pools).toEqual([
    'pool    connecting  idle  leased  closing  lingering  waiting  reused',
    'a pool           0     1       0        0          0        2  75.0 %',
  ])
  expect(table?.slice(0, 3).map((line) => line.replaceAll(/ +/gu, ' '))).toEqual([
    'ports in pool kernel requests idle expires in',
    '40009 to 443 idle none (pool: ESTABLISHED) 7 4.0 s 51.0 s',
    '40000 to 443 idle ESTABLISHED 7 4.0 s 51.0 s',
  ])
  expect(table?.at(-1)).toBe('and 2 more')
})
