import type { Caps } from '../src/caps.ts'
import type { CloseReason } from '../src/close-reason.ts'
import type { Occupancy } from '../src/errors.ts'
import type { Scheduling } from '../src/idle-set.ts'
import type { StateName } from '../src/lifecycle.ts'
import type { ResolvedPolicy } from '../src/policies/resolve-policy.ts'
import type { OriginStats, PoolStats } from '../src/stats.ts'
import type { ReferenceConnection, ReferenceWaiter } from './reference-connection.ts'
import { countFacts, type FactCounts, type ReferenceFact } from './reference-facts.ts'

export interface ReferenceOptions {
  readonly policy: ResolvedPolicy
  readonly caps: Caps
  readonly scheduling: Scheduling
  readonly random: () => number
  /** What a look at an idle connection finds. */
  readonly peek: () => CloseReason | undefined
}

interface ReferenceOrigin {
  readonly key: string
  /** As they were when the origin's connections or waiters last changed: nobody tells it earlier. */
  caps: Caps
}

/** Who is there, who waits, and what has happened; and every question about it, looked up afresh. */
export class ReferenceLedger {
  /** Those that became idle, or dials that became spare, come last, in that order. */
  connections: ReferenceConnection[] = []
  /** In the order in which they came. */
  waiters: ReferenceWaiter[] = []
  /** In the order in which they came. */
  origins: ReferenceOrigin[] = []
  /** The origins that would dial if the total cap allowed it, in the order of their turns. */
  row: string[] = []
  readonly facts: ReferenceFact[] = []
  readonly options: ReferenceOptions

  constructor(options: ReferenceOptions) {
    this.options = options
  }

  get nextDeadlineMs(): number {
    const { acquireTimeoutMs } = this.options.policy
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...this.idle().map(({ deadlineMs }) => deadlineMs),
      ...this.waiters.map(({ sinceMs }) => sinceMs + acquireTimeoutMs),
    )
  }

  stats(): PoolStats {
    const keys = this.origins.map(({ key }) => key)
    const { byOrigin, total } = countFacts(this.facts, keys)
    const origins: Record<string, OriginStats> = {}
    for (const [key, counts] of byOrigin) {
      const isOfOrigin = ({ origin }: { readonly origin: string }): boolean => origin === key
      origins[key] = summary(this.connectionsOf(key), this.waiters.filter(isOfOrigin), counts)
    }
    return { ...summary(this.connections, this.waiters, total), origins }
  }

  connectionsOf(origin: string): ReferenceConnection[] {
    return this.connections.filter((connection) => connection.origin === origin)
  }

  /** All that are idle, the one that has been idle longest first. */
  idle(): ReferenceConnection[] {
    return this.connections.filter(({ state }) => state === 'idle')
  }

  waiterOf(connection: ReferenceConnection): ReferenceWaiter | undefined {
    return this.waiters.find(({ dial }) => dial === connection)
  }

  /** Those that are served by whatever comes first, in that order. */
  waitingOf(origin: string): ReferenceWaiter[] {
    return this.waiters.filter((waiter) => waiter.origin === origin && !waiter.isClaimed)
  }

  /** Those without a dial. */
  queuedOf(origin: string): ReferenceWaiter[] {
    return this.waiters.filter((waiter) => waiter.origin === origin && waiter.dial === undefined)
  }

  /** Whether requests, but for those of one origin, will lack a place once all closing is done. */
  isShort(except?: string): boolean {
    const keys = this.origins.map(({ key }) => key).filter((key) => key !== except)
    const wanted = sum(keys.map((key) => this.wantedPlaces(key)))
    const staying = this.connections.filter(({ state }) => state !== 'closing').length
    return wanted > 0 && staying + wanted > this.options.caps.maxTotal
  }

  /** Dials that only the total cap keeps the origin from. */
  wantedPlaces(key: string): number {
    const origin = this.origins.find((known) => known.key === key)
    const room = origin === undefined ? 0 : this.roomOf(key, origin.caps)
    return Math.max(0, Math.min(room, this.queuedOf(key).length))
  }

  roomOf(origin: string, { maxPerOrigin }: Caps): number {
    const connections = this.connectionsOf(origin)
    const connecting = connections.filter(({ state }) => state === 'connecting')
    const { maxConnectingPerOrigin } = this.options.policy
    return Math.min(maxPerOrigin - connections.length, maxConnectingPerOrigin - connecting.length)
  }

  /** Whether a further request would have a dial at once, or after an eviction. */
  wouldDialFor(origin: string): boolean {
    const { caps } = this.options
    if (this.spareDialsOf(origin).length > 0) return true
    if (this.queuedOf(origin).length > 0 || this.roomOf(origin, caps) <= 0) return false
    return this.connections.length < caps.maxTotal || this.idle().length > 0
  }

  /** Takes note of a change of the origin's connections or waiters. */
  look(key: string): void {
    const isNeeded = [...this.connections, ...this.waiters].some(({ origin }) => origin === key)
    if (!isNeeded) this.forget(key)
    for (const origin of this.origins) {
      if (origin.key === key) origin.caps = { ...this.options.caps }
    }
    const isWanting = this.wantedPlaces(key) > 0
    if (!isWanting) this.row = this.row.filter((other) => other !== key)
    else if (!this.row.includes(key)) this.row.push(key)
  }

  forget(key: string): void {
    this.origins = this.origins.filter((origin) => origin.key !== key)
    for (const fact of this.facts) if (fact.origin === key) fact.isPast = true
  }

  spareDialsOf(origin: string): ReferenceConnection[] {
    return this.connectionsOf(origin).filter(
      (connection) => connection.state === 'connecting' && this.waiterOf(connection) === undefined,
    )
  }

  isKnown(key: string): boolean {
    return this.origins.some((origin) => origin.key === key)
  }

  inOrderOfOrigins(): ReferenceConnection[] {
    const ordered = this.connections.toSorted((one, other) => one.id - other.id)
    return this.origins.flatMap(({ key }) => ordered.filter(({ origin }) => origin === key))
  }

  moveToEnd(connection: ReferenceConnection): void {
    const others = this.connections.filter((other) => other !== connection)
    this.connections = [...others, connection]
  }

  occupancyOf(origin: string): Occupancy {
    const { closing, connecting, idle, leased } = gauge(this.connectionsOf(origin))
    return { connecting, idle, leased, closing, queued: this.queuedOf(origin).length }
  }

  note(kind: ReferenceFact['kind'], origin: string, reason?: CloseReason): void {
    const isPast = !this.isKnown(origin)
    this.facts.push(
      reason === undefined ? { kind, origin, isPast } : { kind, origin, reason, isPast },
    )
  }
}

type Gauges = Pick<OriginStats, 'connecting' | 'idle' | 'leased' | 'draining' | 'closing'>

const gauge = (connections: readonly ReferenceConnection[]): Gauges => {
  const inState = (...states: StateName[]): number =>
    connections.filter(({ state }) => states.includes(state)).length
  return {
    connecting: inState('connecting'),
    idle: inState('idle'),
    leased: inState('leased', 'draining'),
    draining: inState('draining'),
    closing: inState('closing'),
  }
}

const summary = (
  connections: readonly ReferenceConnection[],
  waiters: readonly ReferenceWaiter[],
  counts: FactCounts,
): OriginStats => ({
  ...gauge(connections),
  waiting: waiters.length,
  queued: waiters.filter(({ dial }) => dial === undefined).length,
  ...counts,
})

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0)
