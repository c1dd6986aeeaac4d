import { TCP_STATE_NAMES, type TcpState } from '@holdfast/core/tcp'
import { CloseWaitAges, type StaleCloseWaits } from './close-waits.ts'
import { type JoinedPools, joinPools } from './join-pools.ts'
import { type PortUse, portUse } from './port-use.ts'
import type { PublishedPools } from './published-pools.ts'
import type { Scope, Snapshot } from './snapshot.ts'
import type { StateLine } from './state-line.ts'
import type { SortOrder } from './watch-keys.ts'
import { watchWarnings } from './watch-warnings.ts'
import { OwnerMemory } from './watched-rows.ts'

/** Past counts in a frame. */
export const HISTORY_LENGTH = 60

/** Destinations shown. */
const SHOWN_DESTINATIONS = 5

/** View of one instant. */
export interface WatchFrame {
  readonly atMs: number
  /** States in the order of RFC 9293. */
  readonly states: readonly StateLine[]
  readonly total: number
  /** Connections without an owner in the kernel, attributed by their ports. */
  readonly attributed: number
  /** Destinations that hold most ephemeral ports; null where their range is not known. */
  readonly destinations: readonly PortUse[] | null
  readonly staleCloseWaits: StaleCloseWaits
  /** Pools that the process publishes; null without any. */
  readonly joined: JoinedPools | null
  readonly warnings: readonly string[]
}

/** Makes frames of snapshots, and remembers what came before. */
export class Watch {
  /** Order of the destinations. */
  sortBy: SortOrder = 'ports'
  readonly #scope: Scope
  readonly #owners = new OwnerMemory()
  readonly #closeWaits = new CloseWaitAges()
  readonly #histories = new Map<TcpState, readonly number[]>()

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /** @param before the kernel's table before the pools were asked, where there are any */
  frame(
    snapshot: Snapshot,
    { pools, unreadable }: PublishedPools = { pools: [], unreadable: 0 },
    before?: Snapshot,
  ): WatchFrame {
    const { rows, attributed } = this.#owners.select(this.#scope, snapshot)
    const looks = [before?.rows ?? [], rows]
    const joined = pools.length === 0 ? null : joinPools(pools, looks)
    const counts = new Map<TcpState, number>()
    for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1)
    const states = TCP_STATE_NAMES.map((state) => this.#line(state, counts.get(state) ?? 0))
    const { ephemeralPorts, atMs } = snapshot
    const destinations =
      ephemeralPorts &&
      portUse(rows, ephemeralPorts)
        .toSorted((a, b) => b[this.sortBy] - a[this.sortBy])
        .slice(0, SHOWN_DESTINATIONS)
    const staleCloseWaits = this.#closeWaits.update(rows, atMs)
    return {
      atMs,
      states,
      total: rows.length,
      attributed,
      destinations,
      staleCloseWaits,
      joined,
      warnings: watchWarnings({
        states,
        destinations,
        staleCloseWaits,
        joined,
        unreadable,
        ephemeralPorts,
      }),
    }
  }

  #line(state: TcpState, count: number): StateLine {
    const past = this.#histories.get(state) ?? []
    const last = past.at(-1)
    const history = [...past, count].slice(-HISTORY_LENGTH)
    this.#histories.set(state, history)
    return { state, count, delta: last === undefined ? null : count - last, history }
  }
}
