import type { PoolReport } from '@holdfast/http-agent/publish'
import { expect, it } from 'vitest'
import { addressLines } from './address-lines.ts'
import { poolTables } from './pool-table.ts'

const reportOf = (
  ...rows: readonly (readonly [string, string | undefined, string])[]
): PoolReport => ({
  name: 'a pool',
  stats: {} as PoolReport['stats'],
  connections: rows.map(
    ([origin, remoteAddress, state]) =>
      ({ origin, remoteAddress, state }) as PoolReport['connections'][number],
  ),
})

const MANY = 'http://many.test:80'

const REPORT = reportOf(
  [MANY, '192.0.2.1', 'idle'],
  [MANY, '192.0.2.2', 'leased'],
  [MANY, '192.0.2.1', 'draining'],
  [MANY, undefined, 'connecting'],
  ['http://one.test:80', '192.0.2.9', 'idle'],
)

it('counts connections by address, where an origin has more than one', () => {
  const line = { pool: 'a pool', origin: MANY }

  expect(addressLines([REPORT])).toEqual([
    { ...line, address: '192.0.2.1', open: 2, inUse: 1 },
    { ...line, address: '192.0.2.2', open: 1, inUse: 1 },
  ])
})

it('shows them as a table of their own, and says how many it leaves out', () => {
  const rows = Array.from({ length: 12 }, (_, index) => [MANY, `192.0.2.${index}`, 'idle'] as const)
  const addresses = addressLines([reportOf(...rows)])
  const [, table] = poolTables({ pools: [], connections: [], addresses, strangers: 0 })

  expect(table?.[0]).toMatch(/^address +open +in use +of$/u)
  expect(table?.[1]).toMatch(/^192\.0\.2\.0 +1 +0 +http:\/\/many\.test:80$/u)
  expect(table?.at(-1)).toBe('and 4 more')
})
