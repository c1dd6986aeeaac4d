import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** How the server ends its connections. */
export type Ending = 'fin' | 'reset'

/** What the thread is told at its start. */
export interface Script {
  readonly isSecure: boolean
}

export interface ScriptedServer {
  readonly port: number
  /** Ends all connections after so many milliseconds, whatever this thread is busy with meanwhile. */
  readonly endConnections: (ending: Ending, delayMs: number) => void
  readonly close: () => Promise<void>
}

/** A server in a thread of its own, so that it acts while the loop of this one is blocked. */
export const startScriptedServer = async (script: Script): Promise<ScriptedServer> => {
  const worker = new Worker(new URL('scripted-server-thread.js', import.meta.url), {
    workerData: script,
  })
  const [port] = (await once(worker, 'message')) as [number]
  return {
    port,
    endConnections: (ending, delayMs) => worker.postMessage({ ending, delayMs }),
    close: async () => {
      await worker.terminate()
    },
  }
}
