import { type Participant, participantsOf } from '../method/participants.ts'
import type { BenchOptions } from '../report/bench-result.ts'
import type { CpuPinning } from '../system/cpu-pinning.ts'
import { RoleProcess } from '../system/role-process.ts'

/** Starting a process and loading its modules, on a slow and busy machine. */
const START_TIMEOUT_MS = 30_000

/** A participant whose processes are ready. */
export interface Contestant {
  readonly participant: Participant
  readonly client: RoleProcess
  /** Who makes the requests: on the direct path the client itself. */
  readonly loader: RoleProcess
  readonly upstreamPort: number
  /** Where load has to go. */
  readonly loadPort: number
}

/** All processes of a run. */
export class Crew {
  readonly upstream: RoleProcess
  readonly #load: RoleProcess | undefined
  readonly #clients: ReadonlyMap<Participant, RoleProcess>

  constructor({ variants, path }: BenchOptions, pinning: CpuPinning) {
    const clientCpu = pinning.pinned ? pinning.clientCpu : undefined
    const otherCpu = pinning.pinned ? pinning.otherCpu : undefined
    this.upstream = new RoleProcess('upstream', 'the upstream', otherCpu)
    if (path === 'gateway') this.#load = new RoleProcess('load', 'the load generator', otherCpu)
    this.#clients = new Map(
      participantsOf(variants).map((participant) => [
        participant,
        new RoleProcess('client', `client ${participant.id}`, clientCpu),
      ]),
    )
  }

  /** Opens the listeners and lets every client create its agent. */
  async prepare({ path, connections }: BenchOptions): Promise<Contestant[]> {
    const participants = Array.from(this.#clients.keys(), ({ id }) => id)
    const { ports } = await this.upstream.ask({ kind: 'listen', participants }, START_TIMEOUT_MS)
    return await Promise.all(
      Array.from(this.#clients, async ([participant, client]) => {
        const upstreamPort = ports[participant.id]
        if (upstreamPort === undefined) throw new Error(`no upstream for ${participant.id}`)
        const { port: loadPort } = await client.ask(
          {
            kind: 'prepare',
            variant: participant.variant,
            path,
            maxSockets: connections,
            upstreamPort,
          },
          START_TIMEOUT_MS,
        )
        return { participant, client, loader: this.#load ?? client, upstreamPort, loadPort }
      }),
    )
  }

  /** Ends every process; safe to call at any time and more than once. */
  async end(): Promise<void> {
    const all = [this.upstream, this.#load, ...this.#clients.values()]
    await Promise.all(all.map((role) => role?.end()))
  }
}
