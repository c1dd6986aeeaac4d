import type { Participant } from '../method/participants.ts'
import type { Scenario } from '../report/bench-result.ts'
import type { CpuPinning } from '../system/cpu-pinning.ts'
import { LOOPBACK } from '../system/loopback.ts'
import { RoleProcess } from '../system/role-process.ts'
import type { UpstreamDescription } from '../upstreams/upstream-server.ts'

/** Starting a process and loading its modules, on a slow and busy machine. */
const START_TIMEOUT_MS = 30_000

/** A participant whose processes are ready. */
export interface Contestant {
  readonly participant: Participant
  readonly client: RoleProcess
  /** Who makes the requests: on the direct path the client itself. */
  readonly loader: RoleProcess
  /** Among the ports of the upstream. */
  readonly upstreamIndex: number
  readonly upstreamPort: number
  /** Where load has to go. */
  readonly loadPort: number
}

/** Everybody is there and ready. */
export interface Assembly {
  readonly upstream: UpstreamDescription
  readonly contestants: readonly Contestant[]
}

/** All processes of a run. */
export class Crew {
  readonly upstream: RoleProcess
  readonly #scenario: Scenario
  readonly #load: RoleProcess | undefined
  readonly #clients: ReadonlyMap<Participant, RoleProcess>

  constructor(scenario: Scenario, pinning: CpuPinning) {
    const clientCpu = pinning.pinned ? pinning.clientCpu : undefined
    const otherCpu = pinning.pinned ? pinning.otherCpu : undefined
    this.#scenario = scenario
    this.upstream = new RoleProcess('upstream', 'the upstream', otherCpu)
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

  /** Opens the listeners and lets every client create its agent. */
  async prepare(): Promise<Assembly> {
    const { participants, upstream } = this.#scenario
    const { ports, description } = await this.upstream.ask(
      { kind: 'listen', upstream, ports: participants.length },
      START_TIMEOUT_MS,
    )
    const contestants = await Promise.all(
      Array.from(this.#clients, ([participant, client], index) =>
        this.#prepareClient(participant, client, { index, port: ports[index] }),
      ),
    )
    return { upstream: description, contestants }
  }

  /** Ends every process; safe to call at any time and more than once. */
  async end(): Promise<void> {
    const all = [this.upstream, this.#load, ...this.#clients.values()]
    await Promise.all(all.map((role) => role?.end()))
  }

  async #prepareClient(
    participant: Participant,
    client: RoleProcess,
    upstream: { readonly index: number; readonly port: number | undefined },
  ): Promise<Contestant> {
    const { index, port } = upstream
    if (port === undefined) throw new Error(`no upstream for ${participant.id}`)
    const { path, connections } = this.#scenario
    const { port: gatewayPort } = await client.ask(
      {
        kind: 'prepare',
        variant: participant.variant,
        path,
        concurrency: connections,
        origins: [`http://${LOOPBACK}:${port}`],
      },
      START_TIMEOUT_MS,
    )
    return {
      participant,
      client,
      loader: this.#load ?? client,
      upstreamIndex: index,
      upstreamPort: port,
      loadPort: path === 'gateway' ? gatewayPort : port,
    }
  }
}
