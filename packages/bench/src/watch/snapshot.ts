import type { PortRange } from '@holdfast/core/tcp'
import type { TcpRow } from '../linux/tcp-table.ts'

/** Connections to watch. */
export interface Scope {
  /**
   * Process whose sockets, in its network namespace, are watched; null for all of our namespace.
   */
  readonly pid: number | null
  /** Port at either end; null for any. */
  readonly port: number | null
}

/** Network at one instant. */
export interface Snapshot {
  /** Monotonic time. */
  readonly atMs: number
  /** Whole table. */
  readonly rows: readonly TcpRow[]
  /** Inodes of the process's sockets; null where all are watched. */
  readonly inodes: ReadonlySet<number> | null
  /** Ephemeral ports of the namespace; null where they cannot be read. */
  readonly ephemeralPorts: PortRange | null
}
