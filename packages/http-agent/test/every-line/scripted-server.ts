import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** How the server ends its connections. */
export type Ending = 'fin' | 'reset'

/** What the thread is told at its start. */
export interface Script {
  readonly isSecure: boolean
  /** How often it has ended its connections. */
  readonly endings: Int32Array
}

/** What the thread is told later. */
export interface Order {
  readonly ending: Ending
  readonly delayMs: number
}

export interface ScriptedServer {
  readonly port: number
  /**
   * Blocks the loop of this thread until the server has ended all its connections, which it begins to
   * do after so many milliseconds.
   */
  readonly blockUntilEnded: (ending: Ending, delayMs: number) => void
  readonly close: () => Promise<void>
}

/** A server in a thread of its own, so that it acts while the loop of this one is blocked. */
export const startScriptedServer = async (isSecure: boolean): Promise<ScriptedServer> => {
  const endings = new Int32Array(new SharedArrayBuffer(4))
  const script: Script = { isSecure, endings }
  const worker = new Worker(new URL('scripted-server-thread.js', import.meta.url), {
    workerData: script,
  })
  const [port] = (await once(worker, 'message')) as [number]
  return {
    port,
    blockUntilEnded: (ending, delayMs) => {
      const count = Atomics.load(endings, 0)
      const order: Order = { ending, delayMs }
      worker.postMessage(order)
      Atomics.wait(endings, 0, count)
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
