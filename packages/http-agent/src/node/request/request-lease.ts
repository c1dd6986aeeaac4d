import { AsyncResource } from 'node:async_hooks'
import type { ClientRequest } from 'node:http'
import { monotonicNowMs } from '../../driver/clock.ts'
import type { SocketTarget } from '../identity/socket-target.ts'
import type { AgentRequest } from '../internals/agent-request.ts'
import type { AgentSocket } from '../internals/agent-socket.ts'
import type { RequestOptions } from '../options/request-options.ts'
import type { RequestFailure } from './request-failure.ts'

const LEASE: unique symbol = Symbol('request lease')

interface Carrier {
  [LEASE]?: RequestLease
}

/** How the request got its connection; `undefined` where no agent of ours made it. */
export const leaseOf = (request: ClientRequest): RequestLease | undefined =>
  (request as Carrier)[LEASE]

const ignore = (): void => undefined

/** A request on its way to a connection. */
export class RequestLease {
  readonly request: AgentRequest
  readonly target: SocketTarget
  readonly options: RequestOptions
  /** Whether `http.request` has returned, so that it cannot throw any more. */
  isReturned = false
  /** Whether it is sure to be sent again where its connection turns out dead. */
  readonly isReplayable: boolean
  /** Whether the caps kept it from a dial of its own when it came. */
  wasQueued = false
  /** Whether it was sent before, on a connection that turned out dead. */
  isReplayed = false
  /** Whether the request has been answered, with a connection or with an error. */
  isSettled = false
  /** The socket that it got before that was connected; it is told of its failure by the socket. */
  claimed: AgentSocket | undefined = undefined
  /** What the dial threw at once, for `http.request` to throw. */
  thrown: Error | undefined = undefined
  /** The connection that it got last. */
  connectionId: number | undefined = undefined
  /** What is known of it once it has failed. */
  failure: RequestFailure | undefined = undefined
  /** Since when it waits for a connection, where it does. */
  waitsSinceMs: number | undefined = undefined
  #waitedMs = 0
  /** The async context in which the request was made, kept where it has to wait. */
  #context: AsyncResource | undefined = undefined
  /** The request's own `destroy`, while another one stands in for it. */
  #destroy: AgentRequest['destroy'] | undefined = undefined
  #onDestroyed: () => void = ignore

  constructor(
    request: AgentRequest,
    target: SocketTarget,
    options: RequestOptions,
    isReplayable: boolean,
  ) {
    this.request = request
    this.target = target
    this.options = options
    this.isReplayable = isReplayable
    ;(request as Carrier)[LEASE] = this
  }

  /** How long it has waited so far. */
  get waitedMs(): number {
    if (this.waitsSinceMs === undefined) return this.#waitedMs
    return this.#waitedMs + monotonicNowMs() - this.waitsSinceMs
  }

  /** It waits no more. */
  endWait(): void {
    this.#waitedMs = this.waitedMs
    this.waitsSinceMs = undefined
  }

  /**
   * Keeps the async context, and reports when the request is destroyed while it waits: Node would
   * tell its caller only once it has got a socket.
   */
  wait(nowMs: number, onDestroyed: () => void): void {
    this.waitsSinceMs = nowMs
    this.isSettled = false
    this.#onDestroyed = onDestroyed
    this.#context ??= new AsyncResource('QueuedRequest')
    // It may lose its socket while it waits for that to be checked, and then waits for another one.
    if (this.#destroy !== undefined) return
    const { request } = this
    const { destroy } = request
    this.#destroy = destroy
    request.destroy = (error) => {
      this.#restore()
      request.destroy(error)
      this.#onDestroyed()
      return request
    }
  }

  /** Ends the wait, and runs what ends it in the async context of the request. */
  settle<Values extends unknown[]>(answer: (...values: Values) => void, ...values: Values): void {
    this.isSettled = true
    if (this.#context === undefined) {
      answer(...values)
      return
    }
    this.#restore()
    this.#context.runInAsyncScope(answer, undefined, ...values)
  }

  #restore(): void {
    if (this.#destroy === undefined) return
    // Deleting the property instead would make every later access to the request slow.
    this.request.destroy = this.#destroy
    this.#destroy = undefined
  }

  /** Runs a dial in the async context of the request. */
  runInContext(dial: () => void): void {
    if (this.#context === undefined) dial()
    else this.#context.runInAsyncScope(dial)
  }
}
