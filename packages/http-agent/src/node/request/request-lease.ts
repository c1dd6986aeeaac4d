import { AsyncResource } from 'node:async_hooks'
import type { ClientRequest } from 'node:http'
import { PoolRequest } from '@holdfast/core'
import { ignore } from '../../driver/ignore.ts'
import type { SocketTarget } from '../identity/socket-target.ts'
import type { AgentRequest } from '../internals/agent-request.ts'
import type { AgentSocket } from '../internals/agent-socket.ts'
import { headOf } from '../internals/request-head.ts'
import type { RequestOptions } from '../options/request-options.ts'

const LEASE: unique symbol = Symbol('request lease')

interface Carrier {
  [LEASE]?: RequestLease
}

/** Finds the lease of a request; `undefined` where no agent of Holdfast made it. */
export const leaseOf = (request: ClientRequest): RequestLease | undefined =>
  (request as Carrier)[LEASE]

const KEY_IN_HEAD = /\r\nidempotency-key:/iu

/** A request of Node's client, as the pool knows it. */
export class RequestLease extends PoolRequest {
  declare readonly target: SocketTarget
  readonly request: AgentRequest
  readonly options: RequestOptions
  /** Whether `http.request` has returned, so that it cannot throw any more. */
  isReturned = false
  /** Whether the caps kept it from a dial of its own when it came. */
  wasQueued = false
  /** The socket that it got before that was connected, which reports its failure to it. */
  claimed: AgentSocket | undefined = undefined
  /** The error that the dial threw at once, for `http.request` to throw. */
  thrown: Error | undefined = undefined
  /** The async context in which the request was made, kept where it has to wait. */
  #context: AsyncResource | undefined = undefined
  /** The request's own `destroy`, while another one stands in for it. */
  #destroy: AgentRequest['destroy'] | undefined = undefined
  #onDestroyed: () => void = ignore

  constructor(request: AgentRequest, target: SocketTarget, options: RequestOptions) {
    super(target)
    this.request = request
    this.options = options
    ;(request as Carrier)[LEASE] = this
  }

  override get method(): string {
    return this.request.method
  }

  override get hasIdempotencyKey(): boolean {
    const { request } = this
    // Headers that were given as an array are only in the head.
    return (
      request.getHeader('idempotency-key') !== undefined || KEY_IN_HEAD.test(headOf(request) ?? '')
    )
  }

  override get isBodyAtHand(): boolean {
    // A request with a method that usually has a body may be streamed later.
    return !this.request.useChunkedEncodingByDefault
  }

  /** Whether it waits for a connection, and has no socket that is still connecting. */
  get isWaiting(): boolean {
    return this.waiter !== undefined && this.claimed === undefined
  }

  /** Keeps the async context in which the request was made, to be called in it. */
  keepContext(): void {
    this.#context ??= new AsyncResource('QueuedRequest')
  }

  /**
   * Keeps the async context, and reports when the request is destroyed while it waits: Node tells
   * its caller only once it has a socket.
   */
  wait(onDestroyed: () => void): void {
    this.#onDestroyed = onDestroyed
    this.keepContext()
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

  /** Ends the wait, and runs the answer in the async context of the request. */
  settle<Values extends unknown[]>(answer: (...values: Values) => void, ...values: Values): void {
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

  /** Runs a function in the async context of the request. */
  runInContext(act: () => void): void {
    if (this.#context === undefined) act()
    else this.#context.runInAsyncScope(act)
  }
}
