import type { TcpRow } from '../src/linux/tcp-table.ts'
import type { Snapshot } from '../src/watch/snapshot.ts'

/** 127.0.0.1 to itself, from port 40000 to port 443, unless told otherwise. */
export function rowOf(some: Partial<TcpRow>): TcpRow {
  return {
    localAddress: '0100007F',
    localPort: 40_000,
    remoteAddress: '0100007F',
    remotePort: 443,
    state: 'ESTABLISHED',
    timerMs: 0,
    inode: 0,
    ...some,
  }
}

/** As many rows as asked for, each from a port of its own, from 40000. */
export function rowsOf(count: number, some: Partial<TcpRow> = {}): TcpRow[] {
  return Array.from({ length: count }, (_, i) => rowOf({ localPort: 40_000 + i, ...some }))
}

export function snapshotOf(rows: readonly TcpRow[], some: Partial<Snapshot> = {}): Snapshot {
  return { atMs: 0, rows, inodes: null, ephemeralPorts: { first: 40_000, last: 40_099 }, ...some }
}
