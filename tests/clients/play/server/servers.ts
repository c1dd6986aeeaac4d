import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Answers } from './answers.ts'
import { COUNT, type Ending, type Manner, type Order, type Wires } from './orders.ts'

/** A server of a check. */
export interface CheckServer {
  readonly origin: string
  /** How many connections there have ever been, how many are open, and how many requests came. */
  readonly everOpened: () => number
  readonly open: () => number
  readonly requests: () => number
  /** Ends all its connections, after so many milliseconds in which the loop of this thread is blocked. */
  readonly end: (ending: Ending, delayMs: number) => void
}

/** The servers of one run. They do not keep the process alive. */
export class Servers {
  readonly #answers: Answers
  readonly #orders: MessageChannel = new MessageChannel()
  readonly #carriedOut: Int32Array = new Int32Array(new SharedArrayBuffer(4))

  constructor(answers: Answers, identity: Wires['identity']) {
    this.#answers = answers
    const { port1, port2: orders } = this.#orders
    const wires: Wires = { orders, carriedOut: this.#carriedOut, identity }
    const thread = new Worker(new URL('server-thread.js', import.meta.url), {
      workerData: wires,
      transferList: [orders],
    })
    thread.unref()
    port1.unref()
  }

  open(manner: Manner, isSecure: boolean, path?: string): CheckServer {
    const counts = new Int32Array(new SharedArrayBuffer(12))
    const opening = { manner, isSecure, path, counts, answers: this.#answers }
    const port = this.#order({ open: opening }) as number
    return {
      origin: path ?? `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`,
      everOpened: () => Atomics.load(counts, COUNT.everOpened),
      open: () => Atomics.load(counts, COUNT.open),
      requests: () => Atomics.load(counts, COUNT.requests),
      end: (ending, delayMs) => {
        this.#order({ end: { port, ending, delayMs } })
      },
    }
  }

  /** Blocks the loop of this thread until the order has been carried out. */
  #order(order: Order): unknown {
    const { port1 } = this.#orders
    const before = Atomics.load(this.#carriedOut, 0)
    port1.postMessage(order)
    Atomics.wait(this.#carriedOut, 0, before)
    return receiveMessageOnPort(port1)?.message
  }
}
