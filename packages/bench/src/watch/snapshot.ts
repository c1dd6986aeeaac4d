import type { PortRange } from '@holdfast/core/tcp'
import type { TcpRow } from '../linux/tcp-table.ts'

/** Which connections are watched. */
export interface Scope {
  /** Whose sockets; its network namespace is the one that is looked at. Null: everybody's in ours. */
  readonly pid: number | null
  /** Only those with this port at either end; null: with any. */
  readonly port: number | null
}

/** The network of one instant. */
export interface Snapshot {
  /** Monotonic. */
  readonly atMs: number
  /** The whole table. */
  readonly rows: readonly TcpRow[]
  /** Of the process's sockets; null where all are watched. */
  readonly inodes: ReadonlySet<number> | null
  /** Of the namespace; null where it cannot be read. */
  readonly ephemeralPorts: PortRange | null
}
