import { performance } from 'node:perf_hooks'
import autocannon from 'autocannon'
import { LOOPBACK } from '../system/loopback.ts'
import { type LoadFigures, LoadTally } from '../workloads/load-tally.ts'
import { answerCommands } from './answer-commands.ts'
import type { CommandOf } from './messages.ts'

/** autocannon notices only this often that it has finished. Our figures do not depend on it. */
const SAMPLE_INTERVAL_MS = 10

/** A service that is down would otherwise be dialled for ever. */
const MAX_ERRORS = 100

/**
 * An exact number of requests over connections that stay open. Counts, durations and latencies
 * are our own: autocannon rounds latencies to whole milliseconds, most of which are 0 on loopback.
 */
async function load({ port, concurrency, amount }: CommandOf<'load'>): Promise<LoadFigures> {
  const tally = new LoadTally()
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(
      {
        url: `http://${LOOPBACK}:${port}`,
        connections: concurrency,
        amount,
        bailout: MAX_ERRORS,
        sampleInt: SAMPLE_INTERVAL_MS,
      },
      (error) => (error ? reject(error) : resolve()),
    )
    run.on('response', (_client, status, _bytes, latencyMs) =>
      tally.answered(status, performance.now() - latencyMs),
    )
    run.on('reqError', (error) => tally.failed(error))
  })
  return tally.figures()
}

answerCommands({ load: async (command) => ({ kind: 'load', ...(await load(command)) }) })
