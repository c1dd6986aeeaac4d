import type { Socket } from 'node:net'
import type { ConnectionUses } from './upstream-server.ts'

/** Counts of the servers of this process. */
export class ServerTally {
  requests = 0
  connections = 0
  readonly #open = new Map<Socket, number>()
  /** Closed connections, by the number of their requests. */
  readonly #gone = new Map<number, number>()

  connected(socket: Socket): void {
    this.connections += 1
    this.#open.set(socket, 0)
    socket.once('close', () => {
      const requests = this.#open.get(socket) ?? 0
      this.#open.delete(socket)
      this.#gone.set(requests, (this.#gone.get(requests) ?? 0) + 1)
    })
  }

  /** Counts a request, and returns how many this connection has made. */
  requested(socket: Socket): number {
    this.requests += 1
    const requests = (this.#open.get(socket) ?? 0) + 1
    this.#open.set(socket, requests)
    return requests
  }

  /** Requests by connection, open connections included; fewest requests first. */
  uses(): ConnectionUses {
    const uses = new Map(this.#gone)
    for (const requests of this.#open.values()) uses.set(requests, (uses.get(requests) ?? 0) + 1)
    return Array.from(uses).toSorted(([a], [b]) => a - b)
  }
}
