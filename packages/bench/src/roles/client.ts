import { performance } from 'node:perf_hooks'
import process from 'node:process'
import type { Caller } from '../callers/caller.ts'
import { createCaller } from '../variants/clients.ts'
import { runClosedLoop } from '../workloads/closed-loop.ts'
import { ErrorTally } from '../workloads/error-tally.ts'
import { LoadTally } from '../workloads/load-tally.ts'
import { answerCommands } from './answer-commands.ts'
import { Gateway } from './gateway.ts'

/** What a client process holds from `prepare` on. */
interface Prepared {
  readonly caller: Caller
  readonly origins: number
  /** Absent on the direct path. */
  readonly gateway: Gateway | undefined
}

let prepared: Prepared | undefined
let cpuAtStart = process.cpuUsage()
let loopAtStart = performance.eventLoopUtilization()
let acceptedAtStart = 0

function client(): Prepared {
  if (prepared === undefined) throw new Error('the client is not prepared')
  return prepared
}

answerCommands({
  prepare: async ({ variant, path, concurrency, origins }) => {
    const plan = { origins, method: 'GET', body: undefined, ca: undefined, concurrency } as const
    await prepared?.gateway?.close()
    await prepared?.caller.close()
    const caller = await createCaller(variant, plan)
    const gateway = path === 'gateway' ? new Gateway(caller, origins.length) : undefined
    prepared = { caller, gateway, origins: origins.length }
    return { kind: 'prepare', port: (await gateway?.open()) ?? 0 }
  },
  'begin-slice': () => {
    const { gateway } = client()
    if (gateway !== undefined) {
      gateway.errors = new ErrorTally()
      acceptedAtStart = gateway.connectionsAccepted
    }
    cpuAtStart = process.cpuUsage()
    loopAtStart = performance.eventLoopUtilization()
    return { kind: 'begin-slice' }
  },
  load: async ({ concurrency, amount }) => {
    const { caller, origins } = client()
    const tally = new LoadTally()
    await runClosedLoop(caller, { concurrency, amount, origins }, tally)
    return { kind: 'load', ...tally.figures() }
  },
  'end-slice': () => {
    const { user, system } = process.cpuUsage(cpuAtStart)
    const { gateway } = client()
    return {
      kind: 'end-slice',
      cpuUserUs: user,
      cpuSystemUs: system,
      eventLoopUtilization: performance.eventLoopUtilization(loopAtStart).utilization,
      errors: gateway?.errors.counts() ?? {},
      connectionsAccepted: (gateway?.connectionsAccepted ?? 0) - acceptedAtStart,
    }
  },
})
