import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { OrderServer } from './order-server.ts'

/** What the thread is told at its start. */
export interface SwiftScript {
  readonly isSecure: boolean
  /** How many answers have been written. */
  readonly answers: Int32Array
}

/** A server in a thread of its own, which can answer before its client's loop turns. */
export const startSwiftServer = async (isSecure: boolean): Promise<OrderServer> => {
  const answers = new Int32Array(new SharedArrayBuffer(4))
  const script: SwiftScript = { isSecure, answers }
  const worker = new Worker(new URL('swift-server-thread.js', import.meta.url), {
    workerData: script,
  })
  const [port] = (await once(worker, 'message')) as [number]
  return {
    port,
    blockUntilAnswered: (count) => {
      let answered = Atomics.load(answers, 0)
      while (answered < count) {
        Atomics.wait(answers, 0, answered)
        answered = Atomics.load(answers, 0)
      }
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
