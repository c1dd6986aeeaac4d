import type { TcpRow } from '../linux/tcp-table.ts'
import type { Scope, Snapshot } from './snapshot.ts'

/** What a scope shows of the table. */
export interface WatchedRows {
  readonly rows: readonly TcpRow[]
  /** How many of them have no owner any more and were attributed by their ports. */
  readonly attributed: number
}

/**
 * Remembers where a process listens and whom it has called, because the kernel forgets who owned a
 * connection once the process has closed it: those are attributed by their ports, and may be another's
 * that talks to the same.
 */
export class OwnerMemory {
  readonly #listening = new Set<number>()
  readonly #called = new Set<string>()

  /** The rows of the scope. */
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
      // What was accepted has the port of a listener, and its remote end is some client's.
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

/** Whom a connection leads to, as seen from the side that opened it. */
export function destinationOf({ remoteAddress, remotePort }: TcpRow): string {
  return `${remoteAddress}:${remotePort}`
}
