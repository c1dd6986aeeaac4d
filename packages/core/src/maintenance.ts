import { AddressKeeper } from './addresses/address-keeper.ts'
import type { ConnectionOrigin } from './connection/connection.ts'
import type { Registry } from './connection/registry.ts'
import type { DialScheduler } from './dialing/dial-scheduler.ts'
import type { Dialer } from './dialing/dialer.ts'
import { Warmer } from './dialing/warmer.ts'
import { Trimmer } from './idle/trimmer.ts'
import type { PoolOptions } from './options/pool-options.ts'
import type { PoolParts } from './pool-parts.ts'
import type { PoolRequest } from './request/pool-request.ts'

/** Upkeep of origins beside their requests: turns to dial, dials ahead, trims, and forgetting. */
export class Maintenance<Transport, Request extends PoolRequest> {
  readonly warmer: Warmer<Transport, Request>
  /** The keeper of addresses; `undefined` where the driver looks names up by itself. */
  readonly addresses: AddressKeeper<Transport, Request> | undefined
  readonly #trimmer: Trimmer<Transport, Request> | undefined
  readonly #registry: Registry<Transport, Request>
  readonly #dialScheduler: DialScheduler<Transport, Request>
  readonly #dialer: Dialer<Transport, Request>
  readonly #isKeptWarm: boolean

  constructor(options: PoolOptions<Transport, Request>, parts: PoolParts<Transport, Request>) {
    const { policy } = options
    const { dialer, keeper, registry, dialScheduler } = parts
    this.#registry = registry
    this.#dialScheduler = dialScheduler
    this.#dialer = dialer
    this.#isKeptWarm = policy.minIdlePerOrigin > 0
    this.warmer = new Warmer(options, parts)
    if (policy.addresses !== false) {
      this.addresses = new AddressKeeper(policy.addresses, options, parts)
    }
    if (policy.trim === 'adaptive') this.#trimmer = new Trimmer(keeper, policy.minIdlePerOrigin)
  }

  get nextDeadlineMs(): number {
    let { nextDeadlineMs } = this.warmer
    if (this.#trimmer !== undefined) {
      nextDeadlineMs = Math.min(nextDeadlineMs, this.#trimmer.nextDeadlineMs)
    }
    if (this.addresses !== undefined) {
      nextDeadlineMs = Math.min(nextDeadlineMs, this.addresses.nextDeadlineMs)
    }
    return nextDeadlineMs
  }

  /** Records that a connection of the origin has become `leased`. */
  leased(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    this.#trimmer?.use(origin, nowMs)
  }

  /** Records that a request has got a connection of the origin. */
  served(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    if (this.#isKeptWarm) this.warmer.use(origin, nowMs)
  }

  /** Records that the connections or waiters of the origin have changed. */
  changed(origin: ConnectionOrigin<Transport, Request>): void {
    this.#dialScheduler.settle(origin)
    if (!this.#registry.forgetIfEmpty(origin)) return
    this.warmer.forget(origin)
    this.#trimmer?.forget(origin)
    this.addresses?.forget(origin.target)
  }

  /** Records that the origin has a connection less: requests that wait for its place come first. */
  leftPlace(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    this.#dialScheduler.settle(origin)
    this.fill(origin, nowMs)
    this.changed(origin)
  }

  /** Uses a place that has become free. */
  fill(origin: ConnectionOrigin<Transport, Request>, nowMs: number): void {
    // A cap that was lowered meanwhile may leave a request without a place beside idle connections.
    this.#dialer.makeWayForFresh(origin, nowMs)
    this.serveQueue(nowMs)
    this.warmer.fill(origin, nowMs)
    this.warmer.resume(nowMs)
  }

  /** Dials for requests that wait without a dial and may have one now. */
  serveQueue(nowMs: number): void {
    if (this.#dialScheduler.isAnyoneQueued) this.#dialer.dialInTurn(nowMs)
  }

  /** Does the upkeep that is due. */
  advance(nowMs: number): void {
    this.#trimmer?.trim(nowMs)
    // A cap may have been raised without notice: requests that wait come before warmth.
    this.serveQueue(nowMs)
    this.warmer.wake(nowMs)
    this.addresses?.advance(nowMs)
  }
}
