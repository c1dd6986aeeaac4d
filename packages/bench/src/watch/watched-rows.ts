import type { TcpRow } from '../linux/tcp-table.ts'
import type { Scope, Snapshot } from './snapshot.ts'

/** Rows of the table within a scope. */
export interface WatchedRows {
  readonly rows: readonly TcpRow[]
  /** Rows without an owner, attributed by their ports. */
  readonly attributed: number
}

/**
 * Remembers where a process listens and where it connects to. The kernel forgets the owner of a
 * connection that the process has closed; such connections are attributed by their ports, and may
 * be those of another process to the same destination.
 */
export class OwnerMemory {
  readonly #listening = new Set<number>()
  readonly #called = new Set<string>()

  /** Rows of the scope. */
  select(scope: Scope, { rows, inodes }: Snapshot): WatchedRows {
    const onPort = scope.port === null ? rows : rows.filter(touches(scope.port))
    if (inodes === null) return { rows: onPort, attributed: 0 }
    const owned = onPort.filter(({ inode }) => inodes.has(inode))
    this.#remember(owned)
    const orphans = onPort.filter((row) => row.inode === 0 && this.#mayOwn(row))
    return { rows: [...owned, ...orphans], attributed: orphans.length }
  }

  #remember(owned: readonly TcpRow[]): void {
    const listening = owned.filter(({ state }) => state === 'LISTEN')
    for (const { localPort } of listening) this.#listening.add(localPort)
    for (const row of owned) {
      // An accepted connection has the port of a listener, and its remote end is a client's.
      if (row.state === 'LISTEN' || this.#listening.has(row.localPort)) continue
      this.#called.add(destinationOf(row))
    }
  }

  #mayOwn(row: TcpRow): boolean {
    return this.#listening.has(row.localPort) || this.#called.has(destinationOf(row))
  }
}

function touches(port: number): (row: TcpRow) => boolean {
  return ({ localPort, remotePort }) => localPort === port || remotePort === port
}

/** Destination of a connection, as seen from the side that opened it. */
export function destinationOf({ remoteAddress, remotePort }: TcpRow): string {
  return `${remoteAddress}:${remotePort}`
}
