import type http from 'node:http'
import process from 'node:process'
import { VARIANTS } from '../variants.ts'
import { answerCommands } from './answer-commands.ts'
import { runClosedLoop } from './closed-loop.ts'
import { ErrorTally } from './error-tally.ts'
import { Gateway } from './gateway.ts'

/** What a client process holds from `prepare` on. */
interface Prepared {
  readonly agent: http.Agent
  /** Absent on the direct path. */
  readonly gateway: Gateway | undefined
}

let prepared: Prepared | undefined
let cpuAtStart = process.cpuUsage()
let acceptedAtStart = 0

function client(): Prepared {
  if (prepared === undefined) throw new Error('the client is not prepared')
  return prepared
}

answerCommands({
  prepare: async ({ variant, path, maxSockets, upstreamPort }) => {
    const agent = await VARIANTS[variant].createAgent(maxSockets)
    const gateway = path === 'gateway' ? new Gateway(agent, upstreamPort) : undefined
    prepared = { agent, gateway }
    return { kind: 'prepare', port: (await gateway?.open()) ?? upstreamPort }
  },
  'begin-slice': () => {
    const { gateway } = client()
    if (gateway !== undefined) {
      gateway.errors = new ErrorTally()
      acceptedAtStart = gateway.connectionsAccepted
    }
    cpuAtStart = process.cpuUsage()
    return { kind: 'begin-slice' }
  },
  load: async ({ port, connections, amount }) => {
    const { agent } = client()
    return { kind: 'load', ...(await runClosedLoop({ agent, port, connections, amount })) }
  },
  'end-slice': () => {
    const cpu = process.cpuUsage(cpuAtStart)
    const { gateway } = client()
    return {
      kind: 'end-slice',
      cpuUs: cpu.user + cpu.system,
      errors: gateway?.errors.counts() ?? {},
      connectionsAccepted: (gateway?.connectionsAccepted ?? 0) - acceptedAtStart,
    }
  },
})
