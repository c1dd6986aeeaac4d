import { performance } from 'node:perf_hooks'
import process from 'node:process'
import type { Caller, RequestPlan } from '../callers/caller.ts'
import { createCaller } from '../variants/create-caller.ts'
import type { Variant } from '../variants/variant.ts'
import { ErrorTally } from '../workloads/error-tally.ts'
import { measureIdleMemory } from '../workloads/idle-memory.ts'
import { LoadTally } from '../workloads/load-tally.ts'
import { runLoad } from '../workloads/run-load.ts'
import { answerCommands } from './answer-commands.ts'
import { Gateway } from './gateway.ts'

/** State of a client process from `prepare` on. */
interface Prepared {
  readonly variant: Variant
  readonly plan: RequestPlan
  readonly caller: Caller
  /** Gateway around the client; absent on the direct path. */
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
  prepare: async ({ variant, path, plan: { bodyBytes, ...rest } }) => {
    await prepared?.gateway?.close()
    await prepared?.caller.close()
    const plan = { ...rest, body: bodyBytes === 0 ? undefined : Buffer.alloc(bodyBytes, 'h') }
    const caller = await createCaller(variant, plan)
    const gateway = path === 'gateway' ? new Gateway(caller, plan.origins.length) : undefined
    prepared = { variant, plan, caller, gateway }
    return { kind: 'prepare', port: (await gateway?.open()) ?? 0 }
  },
  'begin-slice': () => {
    const { gateway } = client()
    if (gateway !== undefined) {
      gateway.errors = new ErrorTally()
      gateway.brokenAnswers = 0
      acceptedAtStart = gateway.connectionsAccepted
    }
    cpuAtStart = process.cpuUsage()
    loopAtStart = performance.eventLoopUtilization()
    return { kind: 'begin-slice' }
  },
  load: async ({ task }) => {
    const { caller, variant, plan } = client()
    const tally = new LoadTally()
    if (task.workload.kind !== 'idle') {
      await runLoad(caller, task, tally)
      return { kind: 'load', bytesPerConnection: null, ...tally.figures() }
    }
    const bytesPerConnection = await measureIdleMemory(
      () => createCaller(variant, plan),
      (fresh) => runLoad(fresh, task, tally),
      task.concurrency,
    )
    return { kind: 'load', bytesPerConnection, ...tally.figures() }
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
      brokenAnswers: gateway?.brokenAnswers ?? 0,
      connectionsAccepted: (gateway?.connectionsAccepted ?? 0) - acceptedAtStart,
    }
  },
})
