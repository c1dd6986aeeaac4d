import type { CpuPinning } from '../../linux/cpu-pinning.ts'
import { LOOPBACK } from '../../linux/loopback.ts'
import { installMiddlebox } from '../../linux/middlebox.ts'
import type { Scenario } from '../bench-result.ts'
import type { Participant } from '../method/participants.ts'
import type { ReplyTo } from '../roles/messages.ts'
import { ROLE_PROGRAMS, type Role, RoleProcess } from '../roles/role-process.ts'
import type {
  ConnectionUses,
  PortGroup,
  UpstreamCounts,
  UpstreamDescription,
} from '../upstreams/upstream-server.ts'
import { concurrencyOf } from '../workloads/workload.ts'
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
const WAKING_AMOUNT = 10_000

/** A load whose length nobody knows yet. */
export const LOAD_TIMEOUT_MS = 120_000

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
  readonly #clients: ReadonlyMap<Participant, RoleProcess>
  #groups: readonly PortGroup[] = []

  constructor(
    scenario: Scenario,
    pinning: CpuPinning,
    hear: RunObserver['says'],
    programs: Readonly<Record<Role, URL>> = ROLE_PROGRAMS,
  ) {
    const clientCpu = pinning.pinned ? pinning.clientCpu : undefined
    const otherCpu = pinning.pinned ? pinning.otherCpu : undefined
    this.#scenario = scenario
    const start = (role: Role, name: string, cpu: number | undefined): RoleProcess =>
      new RoleProcess(programs[role], name, cpu, (line) => hear(name, line))
    if (scenario.upstream.kind !== 'url') {
      this.#upstream = start('upstream', 'the upstream', otherCpu)
    }
    if (scenario.path === 'gateway') {
      this.#load = start('load', 'the load generator', otherCpu)
    }
    this.#clients = new Map(
      scenario.participants.map((participant) => [
        participant,
        start('client', `client ${participant.id}`, clientCpu),
      ]),
    )
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

  /** Lets every client create its agent, once its process has been woken up. */
  async prepare(): Promise<Contestant[]> {
    const { participants, workload, connections } = this.#scenario
    const isWoken =
      workload.kind === 'closed' && concurrencyOf(workload, connections) > WAKING_CONCURRENCY
    return await Promise.all(
      participants.map(async (participant, index) => {
        // The connections of that belong to no measurement.
        if (isWoken) await this.#wake(await this.#prepare(participant, index))
        return await this.#prepare(participant, index)
      }),
    )
  }

  /** Lets a client create an agent anew, with ports that it has never dialled. */
  async prepareAnew({ group, participant }: Contestant): Promise<Contestant> {
    return await this.#prepare(participant, group + this.#scenario.participants.length)
  }

  /** Lets whoever makes the requests of a contestant make them. */
  async load(contestant: Contestant, amount: number, timeoutMs: number): Promise<ReplyTo<'load'>> {
    const { workload, connections } = this.#scenario
    return await this.#ask(contestant, amount, concurrencyOf(workload, connections), timeoutMs)
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
    const all = [this.#upstream, this.#load, ...this.#clients.values()]
    await Promise.all(all.map((role) => role?.end()))
  }

  async #prepare(participant: Participant, group: number): Promise<Contestant> {
    const client = this.#clients.get(participant)
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
    await this.#ask(contestant, WAKING_AMOUNT, WAKING_CONCURRENCY, LOAD_TIMEOUT_MS)
  }

  async #ask(
    { client, loadPort }: Contestant,
    amount: number,
    concurrency: number,
    timeoutMs: number,
  ): Promise<ReplyTo<'load'>> {
    const { workload, origins, requestTimeoutMs, seed } = this.#scenario
    const task = { workload, concurrency, amount, origins, timeoutMs: requestTimeoutMs, seed }
    return await (this.#load ?? client).ask({ kind: 'load', port: loadPort, task }, timeoutMs)
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
