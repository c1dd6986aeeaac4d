import { AsyncResource } from 'node:async_hooks'
import type { IncomingHttpHeaders } from 'node:http'
import { PoolRequest, type RequestRegistry } from '@holdfast/core'
import type { Dispatcher } from 'undici'
import { throwLater } from '../../driver/throw-later.ts'
import type { ClientTarget } from '../connection/client-target.ts'
import type { AnyHandler, LegacyHandler } from '../peer/undici-module.ts'
import { headerOf } from './header-of.ts'

/** The connection that a request is given to. */
export interface RequestCarrier {
  readonly dispatch: (request: DispatchedRequest) => void
}

/** The services that a request needs from its pool. */
export interface RequestKeeper {
  /** The registry that keeps the states of requests. */
  readonly requests: RequestRegistry<DispatchedRequest>
  readonly createAbortError: () => Error
  readonly parseHeaders: (headers: Buffer[]) => IncomingHttpHeaders
  /** @throws undici's error for a malformed request. */
  readonly check: (options: Dispatcher.DispatchOptions) => void
  /** Reports that the request waits for no place any more. */
  readonly proceeded: (request: DispatchedRequest) => void
  /** Cancels a request that waits. */
  readonly cancel: (request: DispatchedRequest) => void
  /** Reports the first byte of a response. */
  readonly answered: (request: DispatchedRequest) => void
  /** Reports that the caller has given up a request that does not wait. */
  readonly aborted: (request: DispatchedRequest) => void
  /** Reports that the handler has the whole response. */
  readonly ended: (request: DispatchedRequest) => void
  /** Reports that the response is complete. */
  readonly completed: (request: DispatchedRequest) => void
  /** Reports that the request keeps the connection for good. */
  readonly upgraded: (request: DispatchedRequest) => void
  /** Reports that the client has ended the request without a response. */
  readonly failed: (request: DispatchedRequest, error: Error) => void
  /** Adds the facts of the failure to an error, before the handler gets it. */
  readonly describe: (request: DispatchedRequest, error: Error) => void
}

interface BodyStream {
  readonly on: (event: 'error', listener: (error: Error) => void) => unknown
  readonly off: (event: 'error', listener: (error: Error) => void) => unknown
}

const isStream = (body: unknown): body is BodyStream =>
  typeof body === 'object' &&
  body !== null &&
  'pipe' in body &&
  'on' in body &&
  typeof body.on === 'function'

const isAtHand = (body: unknown): boolean =>
  body === undefined ||
  body === null ||
  typeof body === 'string' ||
  ArrayBuffer.isView(body) ||
  body instanceof ArrayBuffer

/**
 * A request, from its dispatch until its handler has the result, possibly over several clients. To
 * its handler, of the old or the new kind, it is the one controller; to each client it is a handler
 * of the kind that this client takes.
 */
export abstract class DispatchedRequest
  extends PoolRequest
  implements Dispatcher.DispatchController
{
  declare readonly target: ClientTarget
  readonly keeper: RequestKeeper
  readonly options: Dispatcher.DispatchOptions
  /** The connection whose client has it. */
  carrier: RequestCarrier | undefined = undefined
  /** Whether it waits for a place under the caps. */
  isQueued = false
  /** Whether it has left a client that has yet to report its failure. */
  isLeaving = false
  /** Whether the response is the connection's last one by its headers. */
  endsConnection = false
  /** Whether the end of the response is unsure, so that no request may follow. */
  hasDoubtfulEnd = false
  /** The `Keep-Alive` header of the response. */
  keepAlive: string | undefined = undefined
  aborted = false
  paused = false
  reason: Error | null = null
  rawHeaders: Buffer[] | string[] | IncomingHttpHeaders | null = null
  rawTrailers: Buffer[] | string[] | IncomingHttpHeaders | null = null
  protected readonly handler: AnyHandler
  protected readonly isLegacyHandler: boolean
  #isStarted = false
  /** Whether its handler has its result. */
  #isOver = false
  /** The async context in which it was dispatched, kept where an attempt may begin in another one. */
  #context: AsyncResource | undefined = undefined
  #onBodyError: ((error: Error) => void) | undefined = undefined

  constructor(
    keeper: RequestKeeper,
    target: ClientTarget,
    options: Dispatcher.DispatchOptions,
    handler: AnyHandler,
  ) {
    super(target)
    this.keeper = keeper
    this.options = options
    this.handler = handler
    this.isLegacyHandler = (handler as Dispatcher.DispatchHandler).onRequestStart === undefined
  }

  override get method(): string {
    return this.options.method
  }

  override get isBodyAtHand(): boolean {
    return isAtHand(this.options.body)
  }

  override get hasIdempotencyKey(): boolean {
    return headerOf(this.options.headers, 'idempotency-key') !== undefined
  }

  /** Whether its client is sending it, or reads its response. */
  get isUnderWay(): boolean {
    const { stateName } = this
    return stateName === 'sending' || stateName === 'sent' || stateName === 'answering'
  }

  /** Makes the options for the client: the caller's, and whether the request is the last one. */
  optionsFor(isLast: boolean): Dispatcher.DispatchOptions {
    return isLast ? { ...this.options, reset: true } : this.options
  }

  /** Ends the present attempt through its client. */
  protected abstract abortAttempt(reason: Error): void
  /** Lets the client go on reading. */
  protected abstract resumeAttempt(): void

  /** Lets later attempts begin in the async context of the present one. */
  keepContext(): void {
    this.#context ??= new AsyncResource('DispatchedRequest')
  }

  /**
   * Keeps the async context, and watches for errors of the body, until a client has the request.
   */
  hold(): void {
    this.keepContext()
    this.#guardBody()
  }

  /** Records that it has a connection. */
  granted(): void {
    if (this.isQueued) this.keeper.proceeded(this)
  }

  /** Lets it wait for a connection. It may be aborted meanwhile. */
  wait(isQueued: boolean): void {
    this.isQueued = isQueued
    this.hold()
    this.prepare()
  }

  /**
   * Starts the handler before there is a client for the request, unless that has been done.
   *
   * @returns Whether it still wants a connection: it may be malformed, or be aborted at once.
   */
  prepare(): boolean {
    if (this.#isStarted) return true
    try {
      // Its client would report it only once there is one.
      this.keeper.check(this.optionsFor(false))
      this.#start()
    } catch (error) {
      this.#giveUp(error as Error)
      return false
    }
    // An abort within the handler takes effect only now, when its outcome is clear.
    if (this.reason === null) return true
    this.#giveUp(this.reason)
    return false
  }

  /** Ends the wait, if there was one, and goes on in the async context of the request. */
  proceed(goOn: () => void): void {
    if (this.#context === undefined) {
      goOn()
      return
    }
    this.#endWait()
    this.#context.runInAsyncScope(goOn)
  }

  /** Ends the wait, and goes to the client of the connection. */
  proceedTo(carrier: RequestCarrier): void {
    if (this.#context === undefined) {
      carrier.dispatch(this)
      return
    }
    this.#endWait()
    this.#context.runInAsyncScope(carrier.dispatch, carrier, this)
  }

  /** Fails the request: its handler gets the error. */
  fail(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#endWait()
    this.keeper.describe(this, error)
    const { handler } = this
    try {
      if (this.isLegacyHandler) (handler as LegacyHandler).onError?.(error)
      else (handler as Dispatcher.DispatchHandler).onResponseError?.(this, error)
    } catch (thrown) {
      throwLater(thrown)
    }
  }

  abort(reason?: Error): void {
    if (this.aborted || this.state.isEnd) return
    const cause = reason ?? this.keeper.createAbortError()
    this.aborted = true
    this.reason = cause
    if (this.isUnderWay) {
      this.abortAttempt(cause)
    } else if (this.#isStarted) {
      this.#giveUp(cause)
    }
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.resumeAttempt()
  }

  /** Prepares for the end of the peer's stream, before the client hears of it. */
  peerEnded(): void {
    // Only clients of undici 7 need to be told.
  }

  /** Passes on to the handler what the client has sent. */
  onBodySent(chunk: Buffer): void {
    ;(this.handler as LegacyHandler).onBodySent?.(chunk)
  }

  onRequestSent(): void {
    // A client may say so after the connection was lost.
    if (this.isUnderWay) this.keeper.requests.complete(this)
    ;(this.handler as LegacyHandler).onRequestSent?.()
  }

  onResponseStarted(): void {
    // A provisional response comes before the last one.
    if (this.isUnderWay && this.stateName !== 'answering') this.keeper.answered(this)
    ;(this.handler as LegacyHandler).onResponseStarted?.()
  }

  /**
   * The client is about to send the request.
   *
   * @throws The error that aborted the request meanwhile. Thrown at the client, it ends the request
   * and leaves the connection as it is, while an abort would close it.
   */
  protected started(): void {
    if (this.state.isEnd) throw this.reason ?? this.keeper.createAbortError()
    if (!this.#isStarted) this.#start()
    if (this.reason !== null) throw this.reason
    this.keeper.requests.pass(this)
  }

  protected completed(): void {
    this.keeper.ended(this)
    this.keeper.completed(this)
  }

  protected upgraded(): void {
    this.keeper.ended(this)
    this.keeper.upgraded(this)
  }

  /** Resets the request for its next attempt. */
  rewind(): void {
    this.carrier = undefined
  }

  #start(): void {
    const { handler } = this
    if (this.isLegacyHandler) {
      ;(handler as LegacyHandler).onConnect?.((reason) => this.abort(reason))
    } else {
      ;(handler as Dispatcher.DispatchHandler).onRequestStart?.(this, null)
    }
    this.#isStarted = true
  }

  /** Gives the request up. */
  #giveUp(error: Error): void {
    if (this.waiter !== undefined) this.keeper.cancel(this)
    else if (!this.state.isEnd) this.keeper.aborted(this)
    this.fail(error)
  }

  #endWait(): void {
    this.#releaseBody()
    if (this.isQueued) this.keeper.proceeded(this)
  }

  #guardBody(): void {
    const { body } = this.options
    if (!isStream(body) || this.#onBodyError !== undefined) return
    this.#onBodyError = (error) => this.abort(error)
    body.on('error', this.#onBodyError)
  }

  #releaseBody(): void {
    if (this.#onBodyError === undefined) return
    ;(this.options.body as unknown as BodyStream).off('error', this.#onBodyError)
    this.#onBodyError = undefined
  }
}
