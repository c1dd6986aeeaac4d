import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What the process is told at its start. */
export interface StormScript {
  readonly seed: number
  readonly isSecure: boolean
}

/** What the server has seen of a request. */
export interface RequestLog {
  readonly id: number
  /** How often it came, as a whole. */
  seenCount: number
  /** Whether a byte of a response to it was sent. */
  isBegun: boolean
}

export interface StormServer {
  readonly port: number
  /** Everything that came, by the id of the request. */
  readonly readLog: () => Promise<ReadonlyMap<number, RequestLog>>
  readonly close: () => Promise<void>
}

const PROGRAM = fileURLToPath(new URL('storm-server-process.js', import.meta.url))

/**
 * A server that ends its connections in all the ways there are. It has a process of its own: a thread
 * whose sockets were reset does not always come to its end on Node 20 and 22.
 */
export const startStormServer = async (script: StormScript): Promise<StormServer> => {
  const server = fork(PROGRAM, [JSON.stringify(script)], { execArgv: [] })
  const [port] = (await once(server, 'message')) as [number]
  return {
    port,
    readLog: async () => {
      server.send('log')
      const [entries] = (await once(server, 'message')) as [RequestLog[]]
      return new Map(entries.map((entry) => [entry.id, entry]))
    },
    close: async () => {
      const exited = once(server, 'exit')
      server.kill('SIGKILL')
      await exited
    },
  }
}
