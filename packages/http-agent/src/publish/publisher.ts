import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import {
  type PoolReport,
  type ProcessReport,
  type PublishedPool,
  REPORT_SCHEMA,
} from './pool-report.ts'
import { removeDeadSockets } from './remove-dead-sockets.ts'
import { ownRuntimeDirectory, socketPrefix } from './runtime-directory.ts'

const SOCKET_MODE = 0o600

/**
 * The longest path of a unix socket that the system takes, in bytes, without the byte that ends it.
 */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103

/** Answers each connection to a unix socket of the user with a report on its pools. */
export class Publisher {
  readonly #pools = new Map<PublishedPool, string>()
  #opening: Promise<Server> | undefined
  #path = ''
  readonly #removeSocket = (): void => rmSync(this.#path, { force: true })

  async add(pool: PublishedPool, name: string): Promise<void> {
    this.#pools.set(pool, name)
    this.#opening ??= this.#open()
    try {
      await this.#opening
    } catch (error) {
      this.#opening = undefined
      this.#pools.delete(pool)
      throw error
    }
  }

  async remove(pool: PublishedPool): Promise<void> {
    this.#pools.delete(pool)
    if (this.#pools.size > 0 || this.#opening === undefined) return
    const opening = this.#opening
    this.#opening = undefined
    const server = await opening
    process.off('exit', this.#removeSocket)
    // Removes its file, too.
    server.close()
  }

  async #open(): Promise<Server> {
    const directory = ownRuntimeDirectory()
    removeDeadSockets(directory)
    this.#path = join(directory, `${socketPrefix(process.pid)}${randomUUID()}.sock`)
    // Node up to 22 would cut the path off, and leave a socket that no reader finds.
    if (Buffer.byteLength(this.#path) > MAX_PATH_BYTES) {
      throw new Error(
        `${this.#path} is longer than a socket's path may be, ${MAX_PATH_BYTES} bytes`,
      )
    }
    const server = createServer((socket) => this.#answer(socket))
    // A report must not keep the process alive.
    server.unref()
    // A worker of `cluster` has its own socket, which its primary does not share.
    server.listen({ path: this.#path, exclusive: true })
    await once(server, 'listening')
    chmodSync(this.#path, SOCKET_MODE)
    process.on('exit', this.#removeSocket)
    return server
  }

  #answer(socket: Socket): void {
    socket.unref()
    socket.on('error', () => socket.destroy())
    const pools = Array.from(
      this.#pools,
      ([pool, name]): PoolReport => ({
        name,
        stats: pool.stats(),
        connections: pool.inspect(),
      }),
    )
    const report: ProcessReport = { schema: REPORT_SCHEMA, pid: process.pid, pools }
    socket.end(JSON.stringify(report))
  }
}
