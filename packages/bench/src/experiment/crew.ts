import type { Participant } from '../method/participants.ts'
import type { Scenario } from '../report/bench-result.ts'
import type { CpuPinning } from '../system/cpu-pinning.ts'
import { LOOPBACK } from '../system/loopback.ts'
import { RoleProcess } from '../system/role-process.ts'
import type {
  ConnectionUses,
  PortGroup,
  UpstreamCounts,
  UpstreamDescription,
} from '../upstreams/upstream-server.ts'
import type { LoadFigures } from '../workloads/load-tally.ts'

/** Starting a process and loading its modules, on a slow and busy machine. */
const START_TIMEOUT_MS = 30_000

/** Questions that are answered from memory. */
export const ANSWER_TIMEOUT_MS = 10_000

/** A load whose length nobody knows yet. */
export const LOAD_TIMEOUT_MS = 120_000

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
  readonly #upstream: RoleProcess
  readonly #load: RoleProcess | undefined
  readonly #clients: ReadonlyMap<Participant, RoleProcess>
  #groups: readonly PortGroup[] = []

  constructor(scenario: Scenario, pinning: CpuPinning) {
    const clientCpu = pinning.pinned ? pinning.clientCpu : undefined
    const otherCpu = pinning.pinned ? pinning.otherCpu : undefined
    this.#scenario = scenario
    this.#upstream = new RoleProcess('upstream', 'the upstream', otherCpu)
    if (scenario.path === 'gateway') {
      this.#load = new RoleProcess('load', 'the load generator', otherCpu)
    }
    this.#clients = new Map(
      scenario.participants.map((participant) => [
        participant,
        new RoleProcess('client', `client ${participant.id}`, clientCpu),
      ]),
    )
  }

  /** Opens the ports: as many groups as there are participants, and as many again for portraits. */
  async openUpstream(): Promise<UpstreamDescription> {
    const { participants, upstream } = this.#scenario
    const { groups, description } = await this.#upstream.ask(
      { kind: 'listen', upstream, groups: 2 * participants.length, portsPerGroup: 1 },
      START_TIMEOUT_MS,
    )
    this.#groups = groups
    return description
  }

  /** Lets every client create its agent. */
  async prepare(): Promise<Contestant[]> {
    return await Promise.all(
      this.#scenario.participants.map((participant, index) => this.#prepare(participant, index)),
    )
  }

  /** Lets a client create an agent anew, with ports that it has never dialled. */
  async prepareAnew({ group, participant }: Contestant): Promise<Contestant> {
    return await this.#prepare(participant, group + this.#scenario.participants.length)
  }

  /** Lets whoever makes the requests of a contestant make them. */
  async load(
    { client, loadPort }: Contestant,
    amount: number,
    timeoutMs: number,
  ): Promise<LoadFigures> {
    const concurrency = this.#scenario.connections
    return await (this.#load ?? client).ask(
      { kind: 'load', port: loadPort, concurrency, amount },
      timeoutMs,
    )
  }

  async countsOf({ group }: Contestant): Promise<UpstreamCounts> {
    return await this.#upstream.ask({ kind: 'count', group }, ANSWER_TIMEOUT_MS)
  }

  async usesOf({ group }: Contestant): Promise<ConnectionUses | null> {
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
    const ports = this.#groups[group]
    if (client === undefined || ports === undefined) {
      throw new Error(`nothing is there for ${participant.id}`)
    }
    const { path, connections } = this.#scenario
    const { port: loadPort } = await client.ask(
      {
        kind: 'prepare',
        variant: participant.variant,
        path,
        concurrency: connections,
        origins: ports.map((port) => `http://${LOOPBACK}:${port}`),
      },
      START_TIMEOUT_MS,
    )
    return { participant, client, group, ports, loadPort }
  }
}
