import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** What the thread is told at its start. */
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

/** A server in a thread of its own that ends its connections in all the ways there are. */
export const startStormServer = async (script: StormScript): Promise<StormServer> => {
  const worker = new Worker(new URL('storm-server-thread.js', import.meta.url), {
    workerData: script,
  })
  const [port] = (await once(worker, 'message')) as [number]
  return {
    port,
    readLog: async () => {
      worker.postMessage('log')
      const [entries] = (await once(worker, 'message')) as [RequestLog[]]
      return new Map(entries.map((entry) => [entry.id, entry]))
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
