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

/** Time to start a process and load its modules, on a slow and busy machine. */
const START_TIMEOUT_MS = 30_000

/** Time to answer a question from memory. */
export const ANSWER_TIMEOUT_MS = 10_000

/**
 * Concurrency of a client's first requests. A new process that begins a thousand requests in one
 * turn of the event loop makes V8 allocate their objects among long-lived ones for good; a few
 * bytes a dial decide whether it does, and it costs a third of the CPU per request. A service
 * serves some requests before it opens more connections.
 */
const WAKING_CONCURRENCY = 50

/** Time for a load of unknown length. */
const LOAD_TIMEOUT_MS = 120_000

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** Participant whose processes are ready. */
export interface Candidate {
  readonly participant: Participant
  readonly client: RoleProcess
  /** Index among the groups of the upstream's ports. */
  readonly group: number
  /** Ports of the upstream. */
  readonly ports: PortGroup
  /** Port that load is sent to. */
  readonly loadPort: number
}

/** All processes of a run. */
export class Workers {
  readonly #scenario: Scenario
  /** Upstream process; absent where the upstream is the user's own. */
  readonly #upstream: RoleProcess | undefined
  readonly #load: RoleProcess | undefined
  readonly #start: (role: Role, name: string, cpu: number | undefined) => RoleProcess
  readonly #pinning: CpuPinning
  #clients: readonly RoleProcess[] = []
  /** Upstream of the race, while there is one. */
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

  /** Requests that each client makes before the first block. */
  get waking(): number {
    const { workload, connections, sliceMs, upstream } = this.#scenario
    if (upstream.kind === 'url' || workload.kind === 'idle') return 0
    const isPlanned = plannedAmount(workload, connections, sliceMs) !== undefined
    const isWide = concurrencyOf(workload, connections) > WAKING_CONCURRENCY
    return isPlanned || isWide ? COMPILED_AFTER : 0
  }

  /** Opens the ports: a group for each participant, and another for its timeline. */
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

  /** Starts a new process for every client, wakes it up, and lets it create its agent. */
  async prepare(): Promise<Candidate[]> {
    const { participants } = this.#scenario
    await Promise.all(this.#clients.map((client) => client.end()))
    const cpu = this.#pinning.pinned ? this.#pinning.clientCpu : undefined
    this.#clients = participants.map(({ id }) => this.#start('client', `client ${id}`, cpu))
    const prepared: Candidate[] = []
    for (const [index, participant] of participants.entries()) {
      // These connections belong to no measurement.
      if (this.waking > 0) await this.#wake(await this.#prepare(participant, index))
      prepared.push(await this.#prepare(participant, index))
    }
    return prepared
  }

  /**
   * Starts an upstream that closes idle connections, and lets all candidates use theirs just then,
   * all at once.
   */
  async race(
    candidates: readonly Candidate[],
    upstream: StartedUpstream,
    load: Omit<LoadTask, 'origins' | 'seed' | 'timeoutMs'>,
  ): Promise<ReplyTo<'load'>[]> {
    const { tls, method, bodyBytes, requestTimeoutMs: timeoutMs, seed } = this.#scenario
    const groups = candidates.length
    this.#closing = this.#start('upstream', 'the closing upstream', this.#otherCpu)
    const ports = await this.#closing.ask(
      { kind: 'listen', upstream, groups, portsPerGroup: 1, tls },
      START_TIMEOUT_MS,
    )
    const outcomes = await Promise.all(
      candidates.map(async ({ client, participant: { variant } }, index) => {
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
  async prepareAnew({ group, participant }: Candidate): Promise<Candidate> {
    return await this.#prepare(participant, group + this.#scenario.participants.length)
  }

  /**
   * Lets the load generator, or on the direct path the client, make the requests of a candidate.
   */
  async load(candidate: Candidate, amount: number): Promise<ReplyTo<'load'>> {
    const { workload, connections } = this.#scenario
    return await this.#ask(candidate, workload, amount, concurrencyOf(workload, connections))
  }

  /** Counts of the upstream; null where it cannot be asked. */
  async countsOf({ group }: Candidate): Promise<UpstreamCounts | null> {
    if (this.#upstream === undefined) return null
    return await this.#upstream.ask({ kind: 'count', group }, ANSWER_TIMEOUT_MS)
  }

  async usesOf({ group }: Candidate): Promise<ConnectionUses | null> {
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

  async #prepare(participant: Participant, group: number): Promise<Candidate> {
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

  async #wake(candidate: Candidate): Promise<void> {
    const closed = { kind: 'closed' } as const
    await this.#ask(candidate, closed, this.waking, WAKING_CONCURRENCY)
  }

  async #ask(
    { client, loadPort }: Candidate,
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
