import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** How the server ends its connections. */
export type Ending = 'fin' | 'reset'

/** What the server does while the loop of its client is blocked; `'none'`: it serves as ever. */
export type Deed = Ending | 'none'

/** What the thread is told at its start. */
export interface Script {
  readonly isSecure: boolean
  /** How often it has done what it was told. */
  readonly deeds: Int32Array
}

/** What the thread is told later. */
export interface Order {
  readonly deed: Deed
  readonly delayMs: number
}

export interface ScriptedServer {
  readonly port: number
  /**
   * Blocks the loop of this thread until the server has done something to all its connections, which
   * it begins to do after so many milliseconds.
   */
  readonly blockUntil: (deed: Deed, delayMs: number) => void
  readonly close: () => Promise<void>
}

/** A server in a thread of its own, so that it acts while the loop of this one is blocked. */
export const startScriptedServer = async (isSecure: boolean): Promise<ScriptedServer> => {
  const deeds = new Int32Array(new SharedArrayBuffer(4))
  const script: Script = { isSecure, deeds }
  const worker = new Worker(new URL('scripted-server-thread.js', import.meta.url), {
    workerData: script,
  })
  const [port] = (await once(worker, 'message')) as [number]
  return {
    port,
    blockUntil: (deed, delayMs) => {
      const count = Atomics.load(deeds, 0)
      const order: Order = { deed, delayMs }
      worker.postMessage(order)
      Atomics.wait(deeds, 0, count)
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
