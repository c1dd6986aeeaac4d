import type { CloseReason } from '../src/connection/close-reason.ts'
import type { StateName } from '../src/connection/lifecycle.ts'
import type { OriginStats, PoolStats } from '../src/connection/stats.ts'
import type { Look } from '../src/effects.ts'
import type { Occupancy } from '../src/errors.ts'
import type { Scheduling } from '../src/idle/idle-set.ts'
import type { Caps } from '../src/options/caps.ts'
import type { ResolvedPolicy } from '../src/policies/resolve-policy.ts'
import {
  isEnding,
  isLent,
  type ReferenceConnection,
  type ReferenceWaiter,
} from './reference-connection.ts'
import { countFacts, type FactCounts, type ReferenceFact } from './reference-facts.ts'

export interface ReferenceOptions {
  readonly policy: ResolvedPolicy
  readonly caps: Caps
  readonly scheduling: Scheduling
  readonly random: () => number
  /** What a look at a connection finds. */
  readonly peek: () => Look
  /** Whether a connection may be kept that was in use. */
  readonly mayKeep: (connection: { readonly id: number }) => boolean
  /** Whether the peer of a connection that is about to close can be left to close first. */
  readonly mayLinger: (connection: { readonly id: number }, reason: CloseReason) => boolean
  /** Since when a connection in use has heard nothing. */
  readonly silentSince: (connection: { readonly id: number }, nowMs: number) => number
}

/** An origin is not dialled for warmth, because that came to nothing. */
interface ReferencePause {
  readonly origin: string
  readonly endsAtMs: number
  /** How many there were in a row. */
  readonly count: number
  /** Whether it is over, and was said to be. */
  readonly isTold: boolean
}

interface ReferenceOrigin {
  readonly key: string
  /** Dials that were asked for, for warmth, and have not begun. */
  warmDialsLeft: number
  /** When a request last got a connection. */
  usedAtMs: number | undefined
  /** When it is trimmed next. */
  trimAtMs: number | undefined
  /** How many connections were in use after each change since the last trim. */
  inUse: number[]
  needed: number
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
  /** The origins whose own caps keep their requests from dialling, in the order in which they came. */
  blocked: string[] = []
  /** The cap that these go by. */
  maxPerOrigin: number
  /** The origins that would dial for warmth if the total cap allowed it. */
  cold: string[] = []
  /** The origins that will be trimmed, the next one first. */
  trimOrder: string[] = []
  /** The last one of each origin, in the order in which they began. */
  pauses: ReferencePause[] = []
  /** Requests whose time was up by then have been let off once. */
  reprievedToMs = Number.NEGATIVE_INFINITY
  /** Connections in use that were to be asked about by then have been let off once. */
  silentReprievedToMs = Number.NEGATIVE_INFINITY
  /** Connections that had lingered for long enough by then have been let off once. */
  lingeringReprievedToMs = Number.NEGATIVE_INFINITY
  readonly facts: ReferenceFact[] = []
  readonly options: ReferenceOptions

  constructor(options: ReferenceOptions) {
    this.options = options
    this.maxPerOrigin = options.caps.maxPerOrigin
  }

  get nextDeadlineMs(): number {
    const never = Number.POSITIVE_INFINITY
    const [oldest] = this.waiters
    const upAtMs = oldest === undefined ? never : this.upAtMs(oldest)
    const lookAtMs = this.firstToAsk()?.lookAtMs ?? never
    const vainAtMs = this.firstToGiveUp()?.lingersUntilMs ?? never
    return Math.min(
      upAtMs > this.reprievedToMs ? upAtMs : this.reprievedToMs + 1,
      lookAtMs > this.silentReprievedToMs ? lookAtMs : this.silentReprievedToMs + 1,
      vainAtMs > this.lingeringReprievedToMs ? vainAtMs : this.lingeringReprievedToMs + 1,
      ...this.idle().map(({ deadlineMs }) => deadlineMs),
      ...this.origins.map(({ trimAtMs }) => trimAtMs ?? never),
      ...this.pauses.filter(({ isTold }) => !isTold).map(({ endsAtMs }) => endsAtMs),
    )
  }

  /** When the time of a waiter is up. */
  upAtMs({ sinceMs }: ReferenceWaiter): number {
    return sinceMs + this.options.policy.acquireTimeoutMs
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

  /** Of those in use, the one to be asked about first. */
  firstToAsk(): ReferenceConnection | undefined {
    const byLook = (one: ReferenceConnection, other: ReferenceConnection): number =>
      one.lookAtMs - other.lookAtMs || one.id - other.id
    const [first] = this.connections
      .filter((connection) => isLent(connection) && connection.lookAtMs < Number.POSITIVE_INFINITY)
      .toSorted(byLook)
    return first
  }

  /** Of those that linger, the one whose wait is over first. */
  firstToGiveUp(): ReferenceConnection | undefined {
    const byEnd = (one: ReferenceConnection, other: ReferenceConnection): number =>
      one.lingersUntilMs - other.lingersUntilMs || one.id - other.id
    const [first] = this.connections.filter(({ state }) => state === 'lingering').toSorted(byEnd)
    return first
  }

  waiterOf(connection: ReferenceConnection): ReferenceWaiter | undefined {
    return this.waiters.find(({ dial }) => dial === connection)
  }

  /** Those that are served by whatever comes first, in that order. */
  waitingOf(origin: string): ReferenceWaiter[] {
    return this.waiters.filter((waiter) => waiter.origin === origin && !waiter.isClaimed)
  }

  /** Those without a dial that take nothing else. */
  freshOf(origin: string): ReferenceWaiter[] {
    return this.queuedOf(origin).filter(({ isClaimed }) => isClaimed)
  }

  /** Those without a dial. */
  queuedOf(origin: string): ReferenceWaiter[] {
    return this.waiters.filter((waiter) => waiter.origin === origin && waiter.dial === undefined)
  }

  /** Whether requests, but for those of one origin, will lack a place once all closing is done. */
  isShort(except?: string): boolean {
    const keys = this.origins.map(({ key }) => key).filter((key) => key !== except)
    const wanted = sum(keys.map((key) => this.wantedPlaces(key)))
    const staying = this.connections.filter((connection) => !isEnding(connection)).length
    return wanted > 0 && staying + wanted > this.options.caps.maxTotal
  }

  /** Dials that only the total cap keeps the origin from. */
  wantedPlaces(key: string): number {
    const room = this.roomOf(key, this.maxPerOrigin)
    return Math.max(0, Math.min(room, this.queuedOf(key).length))
  }

  /** Whether requests that take nothing but a dial will lack a place once all closing is done. */
  isShortForFresh(key: string): boolean {
    const { maxPerOrigin, maxTotal } = this.options.caps
    const fresh = this.freshOf(key).length
    const staying = this.connections.filter((connection) => !isEnding(connection))
    const own = staying.filter(({ origin }) => origin === key)
    const isOverCap = own.length + fresh > maxPerOrigin || staying.length + fresh > maxTotal
    return fresh > 0 && isOverCap
  }

  roomOf(origin: string, maxPerOrigin: number): number {
    const connections = this.connectionsOf(origin)
    const connecting = connections.filter(({ state }) => state === 'connecting')
    const { maxConnectingPerOrigin } = this.options.policy
    return Math.min(maxPerOrigin - connections.length, maxConnectingPerOrigin - connecting.length)
  }

  /** Whether a further request would have a dial at once, or after an eviction. */
  wouldDialFor(origin: string): boolean {
    const { caps } = this.options
    if (this.spareDialsOf(origin).length > 0) return true
    const room = this.roomOf(origin, caps.maxPerOrigin)
    if (this.queuedOf(origin).length > 0 || room <= 0) return false
    if (this.connections.length < caps.maxTotal) return true
    return this.idle().length > 0 || this.spareDials().length > 0
  }

  /** How many connections more the caps allow, of those that nobody waits for. */
  spaceOf(key: string): number {
    const { maxPerOrigin, maxTotal } = this.options.caps
    const own = maxPerOrigin - this.connectionsOf(key).length
    return this.row.length > 0 ? 0 : Math.max(0, Math.min(own, maxTotal - this.connections.length))
  }

  hasFreePlace(): boolean {
    return this.row.length === 0 && this.connections.length < this.options.caps.maxTotal
  }

  /** Connections for requests that may come. */
  aheadOf(key: string): ReferenceConnection[] {
    const isIdle = ({ state }: ReferenceConnection): boolean => state === 'idle'
    return [...this.connectionsOf(key).filter(isIdle), ...this.spareDialsOf(key)]
  }

  idleSpaceOf(key: string): number {
    return Math.max(0, this.options.caps.maxIdlePerOrigin - this.aheadOf(key).length)
  }

  inUseOf(key: string): number {
    const isInUse = ({ state }: ReferenceConnection): boolean =>
      state === 'leased' || state === 'draining'
    return this.connectionsOf(key).filter(isInUse).length
  }

  originOf(key: string): ReferenceOrigin {
    const known = this.origins.find((other) => other.key === key)
    if (known !== undefined) return known
    const origin = beginning(key)
    this.origins.push(origin)
    return origin
  }

  /** Takes note of a change of the origin's connections or waiters. */
  look(key: string): void {
    this.settle(key)
    const isNeeded = [...this.connections, ...this.waiters].some(({ origin }) => origin === key)
    if (!isNeeded) this.forget(key)
  }

  settle(key: string): void {
    this.followCaps()
    this.#place(key)
  }

  /** Takes note of a change of the caps. */
  followCaps(): void {
    const { maxPerOrigin } = this.options.caps
    if (maxPerOrigin === this.maxPerOrigin) return
    this.maxPerOrigin = maxPerOrigin
    for (const key of [...this.row, ...this.blocked]) this.#place(key)
  }

  /** Puts the origin where it belongs, behind others unless it is there. */
  #place(key: string): void {
    const isQueued = this.queuedOf(key).length > 0
    const isWanting = isQueued && this.wantedPlaces(key) > 0
    this.row = placed(this.row, key, isWanting)
    this.blocked = placed(this.blocked, key, isQueued && !isWanting)
  }

  forget(key: string): void {
    this.cold = this.cold.filter((other) => other !== key)
    this.trimOrder = this.trimOrder.filter((other) => other !== key)
    this.origins = this.origins.filter((origin) => origin.key !== key)
    for (const fact of this.facts) if (fact.origin === key) fact.isPast = true
  }

  /** Dials that nobody waits for. */
  spareDials(): ReferenceConnection[] {
    return this.connections.filter(
      (connection) => connection.state === 'connecting' && this.waiterOf(connection) === undefined,
    )
  }

  spareDialsOf(key: string): ReferenceConnection[] {
    return this.spareDials().filter(({ origin }) => origin === key)
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

  note(kind: ReferenceFact['kind'], origin: string, reason?: ReferenceFact['reason']): void {
    const isPast = !this.isKnown(origin)
    this.facts.push(
      reason === undefined ? { kind, origin, isPast } : { kind, origin, reason, isPast },
    )
  }
}

type Gauges = Pick<
  OriginStats,
  'connecting' | 'idle' | 'leased' | 'draining' | 'closing' | 'lingering'
>

const gauge = (connections: readonly ReferenceConnection[]): Gauges => {
  const inState = (...states: StateName[]): number =>
    connections.filter(({ state }) => states.includes(state)).length
  return {
    connecting: inState('connecting'),
    idle: inState('idle'),
    leased: inState('leased', 'draining'),
    draining: inState('draining'),
    closing: inState('lingering', 'closing'),
    lingering: inState('lingering'),
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

const placed = (keys: readonly string[], key: string, belongs: boolean): string[] => {
  if (belongs && keys.includes(key)) return [...keys]
  const others = keys.filter((other) => other !== key)
  return belongs ? [...others, key] : others
}

const beginning = (key: string): ReferenceOrigin => ({
  key,
  warmDialsLeft: 0,
  usedAtMs: undefined,
  trimAtMs: undefined,
  inUse: [0],
  needed: 0,
})

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0)
