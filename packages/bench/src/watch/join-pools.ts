import type { TcpState } from '@holdfast/core/tcp'
import type { PoolReport } from '@holdfast/http-agent/publish'
import type { TcpRow } from '../linux/tcp-table.ts'
import { type AddressLine, addressLines } from './address-lines.ts'
import { destinationOf } from './watched-rows.ts'

/** Connection as its pool and as the kernel sees it. */
export interface JoinedConnection {
  readonly pool: string
  readonly id: number
  readonly localPort: number
  readonly remotePort: number
  /** State in the pool: `idle`, `leased`, … */
  readonly state: string
  /** TCP state as the pool sees it. */
  readonly pooledTcpState: TcpState | null
  /** TCP state in the kernel; null where it has no such connection. */
  readonly kernelTcpState: TcpState | null
  readonly idleMs: number | null
  readonly requestCount: number
  readonly expiresInMs: number | null
  /** Whether the pool's view allows the kernel's state. */
  readonly agrees: boolean
}

/** Figures of a pool. */
export interface PoolLine {
  readonly name: string
  readonly connecting: number
  readonly idle: number
  readonly leased: number
  /** Those included that linger. */
  readonly closing: number
  readonly lingering: number
  readonly waiting: number
  /** Share of used connections among those that requests got; null before the first. */
  readonly reuseShare: number | null
}

export interface JoinedPools {
  readonly pools: readonly PoolLine[]
  readonly connections: readonly JoinedConnection[]
  /** Connections by address, for names with more than one. */
  readonly addresses: readonly AddressLine[]
  /** Sockets of the process to the same destinations as its pools', and in none of them. */
  readonly strangers: number
}

/**
 * Joins the connections of the pools with the kernel's, by their ports.
 *
 * @param looks the kernel's table before and after the pools were asked: either may be what the
 * pool saw, and only what fits neither is a disagreement
 */
export function joinPools(
  reports: readonly PoolReport[],
  looks: readonly (readonly TcpRow[])[],
): JoinedPools {
  const tables = looks.map((rows) => new Map(rows.map((row) => [keyOf(row), row])))
  const connections = reports.flatMap((report) =>
    report.connections.flatMap((connection): JoinedConnection[] => {
      const { localPort, remotePort } = connection
      // A dial has no ports yet, and a closed connection has none any more.
      if (localPort === undefined || remotePort === undefined) return []
      const seen = tables.map((table) => table.get(keyOf({ localPort, remotePort }))?.state ?? null)
      return [joined(report.name, { ...connection, localPort, remotePort }, seen)]
    }),
  )
  return {
    pools: reports.map(poolLine),
    connections,
    addresses: addressLines(reports),
    strangers: countStrangers(connections, looks.at(-1) ?? []),
  }
}

type Row = PoolReport['connections'][number]

function joined(
  pool: string,
  row: Row & { readonly localPort: number; readonly remotePort: number },
  seen: readonly (TcpState | null)[],
): JoinedConnection {
  const { id, localPort, remotePort, state, requestCount, tcpState } = row
  const allowed: readonly unknown[] = [tcpState, ...row.tcpStateAlternatives]
  const fitting = seen.findLast((each) => allowed.includes(each))
  return {
    pool,
    id,
    localPort,
    remotePort,
    state,
    pooledTcpState: tcpState ?? null,
    kernelTcpState: fitting ?? seen.at(-1) ?? null,
    idleMs: row.idleMs ?? null,
    requestCount,
    expiresInMs: row.expiresInMs ?? null,
    agrees: fitting !== undefined,
  }
}

function poolLine({ name, stats }: PoolReport): PoolLine {
  // A process with an older version publishes no count of those that linger.
  const { connecting, idle, leased, closing, lingering = 0, waiting, leases, reuses } = stats
  const reuseShare = leases === 0 ? null : reuses / leases
  return { name, connecting, idle, leased, closing, lingering, waiting, reuseShare }
}

function countStrangers(connections: readonly JoinedConnection[], rows: readonly TcpRow[]): number {
  const pooled = new Set(connections.map(keyOf))
  const destinations = new Set(rows.filter((row) => pooled.has(keyOf(row))).map(destinationOf))
  // Without an owner it may be another process's, and is over in any case.
  return rows.filter(
    (row) => row.inode !== 0 && destinations.has(destinationOf(row)) && !pooled.has(keyOf(row)),
  ).length
}

function keyOf({ localPort, remotePort }: { localPort: number; remotePort: number }): string {
  return `${localPort} ${remotePort}`
}
