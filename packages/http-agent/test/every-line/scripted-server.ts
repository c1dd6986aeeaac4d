import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** What a second response says that nobody has asked for. */
export const PLANTED = 'planted'

/** How the server ends its connections. */
export type Ending = 'fin' | 'reset'

/**
 * What the server does while the loop of its client is blocked; `'plant'`: from now on, once, it sends a
 * second response behind the next one; `'none'`: it serves as ever.
 */
export type Deed = Ending | 'plant' | 'none'

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
  /**
   * Has the server send a second response behind the next one.
   *
   * @returns What blocks the loop of this thread until it has done so.
   */
  readonly plant: () => () => void
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
  const blockUntil: ScriptedServer['blockUntil'] = (deed, delayMs) => {
    const count = Atomics.load(deeds, 0)
    const order: Order = { deed, delayMs }
    worker.postMessage(order)
    Atomics.wait(deeds, 0, count)
  }
  return {
    port,
    blockUntil,
    plant: () => {
      blockUntil('plant', 0)
      const count = Atomics.load(deeds, 0)
      return () => Atomics.wait(deeds, 0, count)
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
