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

/** What the systems that have unix sockets hold of their paths, the byte that ends them left out. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103

/** Answers whoever connects with what its pools are doing, on a unix socket of the user's own. */
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
    // Node up to 22 would cut it off, and leave a socket that nobody finds.
    if (Buffer.byteLength(this.#path) > MAX_PATH_BYTES) {
      throw new Error(
        `${this.#path} is longer than a socket's path may be, ${MAX_PATH_BYTES} bytes`,
      )
    }
    const server = createServer((socket) => this.#answer(socket))
    // Nobody's question is a reason for a process to live on.
    server.unref()
    // Of a worker of `cluster`, too, it is its own: nothing that its primary hears of, or holds.
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
