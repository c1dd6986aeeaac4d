import http from 'node:http'
import { performance } from 'node:perf_hooks'
import { LoadTally } from './load-tally.ts'
import { LOOPBACK, type LoadFigures } from './messages.ts'

/** One load on an agent, without a service around it. */
export interface LoopOptions {
  readonly agent: http.Agent
  readonly port: number
  /** Requests in progress at any time. */
  readonly connections: number
  /** Requests in all. */
  readonly amount: number
}

/** Each of the given number of callers sends its next request when its last one has ended. */
export async function runClosedLoop(options: LoopOptions): Promise<LoadFigures> {
  const tally = new LoadTally()
  let remaining = options.amount
  const callers = Array.from({ length: options.connections }, async () => {
    while (remaining > 0) {
      remaining -= 1
      await exchange(options, tally)
    }
  })
  await Promise.all(callers)
  return tally.figures()
}

function exchange({ agent, port }: LoopOptions, tally: LoadTally): Promise<void> {
  return new Promise((resolve) => {
    const startedMs = performance.now()
    // The agent takes its socket back after the answer has ended. A request made before that would
    // always wait in the agent's queue, which no service does.
    const finish = (): NodeJS.Immediate => setImmediate(resolve)
    const fail = (error: Error): void => {
      tally.failed(error)
      finish()
    }
    const request = http.request({ agent, host: LOOPBACK, port, path: '/' }, (answer) => {
      answer.resume()
      answer.once('end', () => {
        tally.answered(answer.statusCode ?? 0, performance.now() - startedMs)
        finish()
      })
      answer.once('error', fail)
    })
    request.once('error', fail)
    request.end()
  })
}
