import { formatCount, UNKNOWN } from '../forms/format.ts'
import { textTable } from '../forms/text-table.ts'
import type { AddressLine } from './address-lines.ts'
import type { JoinedConnection, JoinedPools } from './join-pools.ts'

/** Addresses shown. */
const SHOWN_ADDRESSES = 8

/** Connections shown; those that disagree come first. */
const SHOWN_CONNECTIONS = 8

const GAUGES = ['connecting', 'idle', 'leased', 'closing', 'lingering', 'waiting'] as const

const PERCENT = 100
const MS_PER_SECOND = 1000

/** Tables of the pools of a process, and of their connections beside the kernel's. */
export function poolTables(joined: JoinedPools): readonly string[][] {
  const { pools, connections, addresses, strangers } = joined
  const lines = pools.map((pool) => [
    pool.name,
    ...GAUGES.map((gauge) => formatCount(pool[gauge])),
    pool.reuseShare === null ? UNKNOWN : `${(pool.reuseShare * PERCENT).toFixed(1)} %`,
  ])
  const head = ['pool', ...GAUGES, 'reused']
  const tables = [textTable([head, ...lines])]
  if (addresses.length > 0) tables.push(addressTable(addresses))
  if (connections.length > 0) tables.push(connectionTable(connections))
  if (strangers > 0) {
    tables.push([
      '',
      `${formatCount(strangers)} connections lead to the same servers and are in no pool`,
    ])
  }
  return tables
}

function addressTable(addresses: readonly AddressLine[]): string[] {
  const cells = addresses
    .slice(0, SHOWN_ADDRESSES)
    .map(({ address, open, inUse, origin }) => [
      address,
      formatCount(open),
      formatCount(inUse),
      origin,
    ])
  const more = addresses.length - cells.length
  return [
    ...textTable([['address', 'open', 'in use', 'of'], ...cells]),
    ...(more > 0 ? [`and ${formatCount(more)} more`] : []),
  ]
}

function connectionTable(connections: readonly JoinedConnection[]): string[] {
  const shown = connections
    .toSorted((a, b) => Number(a.agrees) - Number(b.agrees))
    .slice(0, SHOWN_CONNECTIONS)
  const cells = shown.map((each) => [
    `${each.localPort} to ${each.remotePort}`,
    each.state,
    `${each.kernelTcpState ?? 'none'}${each.agrees ? '' : ` (pool: ${each.pooledTcpState ?? UNKNOWN})`}`,
    formatCount(each.requestCount),
    seconds(each.idleMs),
    seconds(each.expiresInMs),
  ])
  const more = connections.length - shown.length
  return [
    ...textTable([['ports', 'in pool', 'kernel', 'requests', 'idle', 'expires in'], ...cells]),
    ...(more > 0 ? [`and ${formatCount(more)} more`] : []),
  ]
}

function seconds(ms: number | null): string {
  return ms === null ? UNKNOWN : `${(ms / MS_PER_SECOND).toFixed(1)} s`
}
