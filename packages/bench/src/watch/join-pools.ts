import type { TcpState } from '@holdfast/core/tcp'
import type { PoolReport } from '@holdfast/http-agent/publish'
import type { TcpRow } from '../linux/tcp-table.ts'
import { destinationOf } from './watched-rows.ts'

/** A connection as its pool and as the kernel sees it. */
export interface JoinedConnection {
  readonly pool: string
  readonly id: number
  readonly localPort: number
  readonly remotePort: number
  /** Where it is in the pool: `idle`, `leased`, … */
  readonly state: string
  /** What the pool takes its TCP state for. */
  readonly pooledTcpState: TcpState | null
  /** Null: the kernel has no such connection. */
  readonly kernelTcpState: TcpState | null
  readonly idleMs: number | null
  readonly requestCount: number
  readonly expiresInMs: number | null
  /** Whether the kernel's state is one that the pool's view allows. */
  readonly agrees: boolean
}

/** A pool in figures. */
export interface PoolLine {
  readonly name: string
  readonly connecting: number
  readonly idle: number
  readonly leased: number
  /** Those included that linger. */
  readonly closing: number
  readonly lingering: number
  readonly waiting: number
  /** Of all requests that got a connection, the share that got a used one; null before the first. */
  readonly reuseShare: number | null
}

export interface JoinedPools {
  readonly pools: readonly PoolLine[]
  readonly connections: readonly JoinedConnection[]
  /** Sockets of the process that lead where its pools' lead, and are in none of them. */
  readonly strangers: number
}

/**
 * Lays the connections of the pools beside the kernel's, by their ports.
 *
 * @param looks What the kernel said before and after the pools were asked: either may be what the
 * pool saw, and only what fits neither is a disagreement.
 */
export function joinPools(
  reports: readonly PoolReport[],
  looks: readonly (readonly TcpRow[])[],
): JoinedPools {
  const tables = looks.map((rows) => new Map(rows.map((row) => [keyOf(row), row])))
  const connections = reports.flatMap((report) =>
    report.connections.flatMap((connection): JoinedConnection[] => {
      const { localPort, remotePort } = connection
      // What is being dialled has no ports yet, and what has been closed none any more.
      if (localPort === undefined || remotePort === undefined) return []
      const seen = tables.map((table) => table.get(keyOf({ localPort, remotePort }))?.state ?? null)
      return [joined(report.name, { ...connection, localPort, remotePort }, seen)]
    }),
  )
  return {
    pools: reports.map(poolLine),
    connections,
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
