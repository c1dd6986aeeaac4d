import http from 'node:http'
import { performance } from 'node:perf_hooks'
import autocannon from 'autocannon'
import { LOOPBACK } from '../../linux/loopback.ts'
import { AgentCaller } from '../callers/agent-caller.ts'
import { type LoadFigures, LoadTally } from '../workloads/load-tally.ts'
import { runLoad } from '../workloads/run-load.ts'
import { answerCommands } from './answer-commands.ts'
import type { CommandOf } from './messages.ts'

/** Interval at which autocannon notices that it has finished. Our figures do not depend on it. */
const SAMPLE_INTERVAL_MS = 10

/** Errors after which the load ends; a service that is down would be dialled for ever. */
const MAX_ERRORS = 100

/**
 * Makes an exact number of requests over connections that stay open. Counts, durations and
 * latencies are our own: autocannon rounds latencies to milliseconds, and most are 0 on loopback.
 */
async function loadWithAutocannon(
  url: string,
  concurrency: number,
  amount: number,
): Promise<LoadTally> {
  const tally = new LoadTally()
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(
      {
        url,
        connections: Math.min(concurrency, amount),
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
  return tally
}

/**
 * Makes the requests of other workloads: autocannon knows no bursts and no pauses, and sends a rate
 * in bursts.
 */
async function loadByWorkload(url: string, task: CommandOf<'load'>['task']): Promise<LoadTally> {
  const tally = new LoadTally()
  const caller = new AgentCaller(
    new http.Agent({ keepAlive: true, maxFreeSockets: Number.POSITIVE_INFINITY }),
    {
      origins: [url],
      path: '/',
      method: 'GET',
      body: undefined,
      concurrency: task.concurrency,
    },
  )
  await runLoad(caller, { ...task, origins: 1 }, tally)
  await caller.close()
  return tally
}

async function load({ port, task }: CommandOf<'load'>): Promise<LoadFigures> {
  const url = `http://${LOOPBACK}:${port}`
  const tally =
    task.workload.kind === 'closed'
      ? await loadWithAutocannon(url, task.concurrency, task.amount)
      : await loadByWorkload(url, task)
  return tally.figures()
}

answerCommands({
  load: async (command) => ({ kind: 'load', bytesPerConnection: null, ...(await load(command)) }),
})
