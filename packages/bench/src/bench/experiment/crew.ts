import type { CpuPinning } from '../../linux/cpu-pinning.ts'
import { LOOPBACK } from '../../linux/loopback.ts'
import { installMiddlebox } from '../../linux/middlebox.ts'
import type { Scenario } from '../bench-result.ts'
import { COMPILED_AFTER } from '../method/compiled-after.ts'
import type { Participant } from '../method/participants.ts'
import type { ReplyTo } from '../roles/messages.ts'
import { ROLE_PROGRAMS, type Role, RoleProcess } from '../roles/role-process.ts'
import type { StartedUpstream } from '../upstreams/open-upstream.ts'
import type {
  ConnectionUses,
  PortGroup,
  UpstreamCounts,
  UpstreamDescription,
} from '../upstreams/upstream-server.ts'
import type { LoadTask } from '../workloads/load-task.ts'
import { concurrencyOf, plannedAmount, type Workload } from '../workloads/workload.ts'
import type { RunObserver } from './run-observer.ts'

/** Starting a process and loading its modules, on a slow and busy machine. */
const START_TIMEOUT_MS = 30_000

/** Questions that are answered from memory. */
export const ANSWER_TIMEOUT_MS = 10_000

/**
 * A process that has done nothing yet and begins a thousand requests in one turn of the event loop
 * makes V8 allocate what requests need among long-lived objects, for good; whether it does is decided
 * by a few bytes a dial, and costs a third of the CPU per request. No service begins like that: a
 * client serves so many requests, so many at a time, before it opens more connections.
 */
const WAKING_CONCURRENCY = 50

/** A load whose length nobody knows yet. */
const LOAD_TIMEOUT_MS = 120_000

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** A participant whose processes are ready. */
export interface Contestant {
  readonly participant: Participant
  readonly client: RoleProcess
  /** Among the groups of the upstream's ports. */
  readonly group: number
  /** Of the upstream. */
  readonly ports: PortGroup
  /** Where load has to go. */
  readonly loadPort: number
}

/** All processes of a run. */
export class Crew {
  readonly #scenario: Scenario
  /** Absent where the upstream is the user's own. */
  readonly #upstream: RoleProcess | undefined
  readonly #load: RoleProcess | undefined
  readonly #start: (role: Role, name: string, cpu: number | undefined) => RoleProcess
  readonly #pinning: CpuPinning
  #clients: readonly RoleProcess[] = []
  /** Of the race, while there is one. */
  #closing: RoleProcess | undefined
  #isEnding = false
  #groups: readonly PortGroup[] = []

  constructor(
    scenario: Scenario,
    pinning: CpuPinning,
    hear: RunObserver['says'],
    programs: Readonly<Record<Role, URL>> = ROLE_PROGRAMS,
  ) {
    this.#scenario = scenario
    this.#pinning = pinning
    this.#start = (role, name, cpu) => {
      if (this.#isEnding) throw new Error('the run has been ended')
      return new RoleProcess(programs[role], name, cpu, (line) => hear(name, line))
    }
    if (scenario.upstream.kind !== 'url') {
      this.#upstream = this.#start('upstream', 'the upstream', this.#otherCpu)
    }
    if (scenario.path === 'gateway') {
      this.#load = this.#start('load', 'the load generator', this.#otherCpu)
    }
  }

  get #otherCpu(): number | undefined {
    return this.#pinning.pinned ? this.#pinning.otherCpu : undefined
  }

  /** Requests that each client is to make before the first block. */
  get waking(): number {
    const { workload, connections, sliceMs, upstream } = this.#scenario
    if (upstream.kind === 'url' || workload.kind === 'idle') return 0
    const isPlanned = plannedAmount(workload, connections, sliceMs) !== undefined
    const isWide = concurrencyOf(workload, connections) > WAKING_CONCURRENCY
    return isPlanned || isWide ? COMPILED_AFTER : 0
  }

  /** Opens the ports: as many groups as there are participants, and as many again for portraits. */
  async openUpstream(): Promise<UpstreamDescription> {
    const { participants, upstream, origins, tls, middleboxIdleSeconds } = this.#scenario
    const groups = 2 * participants.length
    if (upstream.kind === 'url' || this.#upstream === undefined) {
      return { software: 'the one given', configuration: '', countsUnused: true }
    }
    const reply = await this.#upstream.ask(
      { kind: 'listen', upstream, groups, portsPerGroup: origins, tls },
      START_TIMEOUT_MS,
    )
    this.#groups = reply.groups
    if (middleboxIdleSeconds !== null) installMiddlebox(reply.groups.flat(), middleboxIdleSeconds)
    return reply.description
  }

  /** Starts a new process for every client, which creates its agent once it has been woken up. */
  async prepare(): Promise<Contestant[]> {
    const { participants } = this.#scenario
    await Promise.all(this.#clients.map((client) => client.end()))
    const cpu = this.#pinning.pinned ? this.#pinning.clientCpu : undefined
    this.#clients = participants.map(({ id }) => this.#start('client', `client ${id}`, cpu))
    const prepared: Contestant[] = []
    for (const [index, participant] of participants.entries()) {
      // The connections of that belong to no measurement.
      if (this.waking > 0) await this.#wake(await this.#prepare(participant, index))
      prepared.push(await this.#prepare(participant, index))
    }
    return prepared
  }

  /**
   * Starts an upstream that closes connections at this time, lets every contestant use its own just
   * then, all at once, and tells what each saw.
   */
  async race(
    contestants: readonly Contestant[],
    upstream: StartedUpstream,
    load: Omit<LoadTask, 'origins' | 'seed' | 'timeoutMs'>,
  ): Promise<ReplyTo<'load'>[]> {
    const { tls, method, bodyBytes, requestTimeoutMs: timeoutMs, seed } = this.#scenario
    const groups = contestants.length
    this.#closing = this.#start('upstream', 'the closing upstream', this.#otherCpu)
    const ports = await this.#closing.ask(
      { kind: 'listen', upstream, groups, portsPerGroup: 1, tls },
      START_TIMEOUT_MS,
    )
    const outcomes = await Promise.all(
      contestants.map(async ({ client, participant: { variant } }, index) => {
        const origins = [`${tls ? 'https' : 'http'}://${LOOPBACK}:${ports.groups[index]?.[0]}`]
        const { concurrency } = load
        const plan = { origins, path: '/', method, bodyBytes, concurrency }
        await client.ask({ kind: 'prepare', variant, path: 'direct', plan }, START_TIMEOUT_MS)
        const task = { ...load, origins: 1, timeoutMs, seed }
        return await client.ask({ kind: 'load', port: 0, task }, LOAD_TIMEOUT_MS)
      }),
    )
    await this.#closing.end()
    return outcomes
  }

  /** Lets a client create an agent anew, with ports that it has never dialled. */
  async prepareAnew({ group, participant }: Contestant): Promise<Contestant> {
    return await this.#prepare(participant, group + this.#scenario.participants.length)
  }

  /** Lets whoever makes the requests of a contestant make them. */
  async load(contestant: Contestant, amount: number): Promise<ReplyTo<'load'>> {
    const { workload, connections } = this.#scenario
    return await this.#ask(contestant, workload, amount, concurrencyOf(workload, connections))
  }

  /** What the upstream counted; null where it cannot be asked. */
  async countsOf({ group }: Contestant): Promise<UpstreamCounts | null> {
    if (this.#upstream === undefined) return null
    return await this.#upstream.ask({ kind: 'count', group }, ANSWER_TIMEOUT_MS)
  }

  async usesOf({ group }: Contestant): Promise<ConnectionUses | null> {
    if (this.#upstream === undefined) return null
    const { uses } = await this.#upstream.ask({ kind: 'uses', group }, ANSWER_TIMEOUT_MS)
    return uses
  }

  /** Ends every process; safe to call at any time and more than once. */
  async end(): Promise<void> {
    this.#isEnding = true
    const all = [this.#upstream, this.#closing, this.#load, ...this.#clients]
    await Promise.all(all.map((role) => role?.end()))
  }

  async #prepare(participant: Participant, group: number): Promise<Contestant> {
    const client = this.#clients[this.#scenario.participants.indexOf(participant)]
    if (client === undefined) throw new Error(`nothing is there for ${participant.id}`)
    const { path: way, workload, connections, method, bodyBytes } = this.#scenario
    const { origins, path, ports } = this.#targetOf(group)
    const plan = {
      origins,
      path,
      method,
      bodyBytes,
      concurrency: concurrencyOf(workload, connections),
    }
    const { port: loadPort } = await client.ask(
      { kind: 'prepare', variant: participant.variant, path: way, plan },
      START_TIMEOUT_MS,
    )
    return { participant, client, group, ports, loadPort }
  }

  async #wake(contestant: Contestant): Promise<void> {
    const closed = { kind: 'closed' } as const
    await this.#ask(contestant, closed, this.waking, WAKING_CONCURRENCY)
  }

  async #ask(
    { client, loadPort }: Contestant,
    workload: Workload,
    amount: number,
    concurrency: number,
  ): Promise<ReplyTo<'load'>> {
    const { origins, requestTimeoutMs: timeoutMs, seed } = this.#scenario
    const task = { workload, concurrency, amount, origins, timeoutMs, seed }
    const command = { kind: 'load', port: loadPort, task } as const
    return await (this.#load ?? client).ask(command, LOAD_TIMEOUT_MS)
  }

  #targetOf(group: number): {
    readonly origins: readonly string[]
    readonly path: string
    readonly ports: PortGroup
  } {
    const { upstream, tls } = this.#scenario
    if (upstream.kind === 'url') {
      const { origin, pathname, search, port, protocol } = new URL(upstream.url)
      const known = port === '' ? DEFAULT_PORTS[protocol] : Number(port)
      return { origins: [origin], path: `${pathname}${search}`, ports: [known ?? 0] }
    }
    const ports = this.#groups[group] ?? []
    const scheme = tls ? 'https' : 'http'
    return {
      origins: ports.map((port) => `${scheme}://${LOOPBACK}:${port}`),
      path: '/',
      ports,
    }
  }
}
