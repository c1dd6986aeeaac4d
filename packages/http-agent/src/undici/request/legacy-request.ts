import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import {
  hasDoubtfulEnd,
  readParsedHeaders,
  readRawHeaders,
} from '../connection/connection-headers.ts'
import type { LegacyHandler } from '../peer/undici-module.ts'
import { DispatchedRequest } from './dispatched-request.ts'

/** A request for clients that take handlers of the old kind: those of undici 7. */
export class LegacyRequest extends DispatchedRequest {
  #abort: ((reason: Error) => void) | undefined = undefined
  #resume: (() => void) | undefined = undefined
  #hasPeerEnded = false

  onConnect(abort: (reason: Error) => void): void {
    this.#abort = abort
    this.started()
  }

  onHeaders(
    statusCode: number,
    rawHeaders: Buffer[],
    resume: () => void,
    statusText: string,
  ): boolean | undefined {
    const { handler } = this
    this.#resume = resume
    this.hasDoubtfulEnd = hasDoubtfulEnd(statusCode, rawHeaders)
    if (this.isLegacyHandler) {
      if (statusCode >= 200) readRawHeaders(rawHeaders, this)
      const { onHeaders } = handler as LegacyHandler
      return this.#follow(
        onHeaders?.call(handler, statusCode, rawHeaders, () => this.resume(), statusText),
      )
    }
    const headers = this.keeper.parseHeaders(rawHeaders)
    if (statusCode >= 200) readParsedHeaders(headers, this)
    this.rawHeaders = rawHeaders
    const { onResponseStart } = handler as Dispatcher.DispatchHandler
    onResponseStart?.call(handler, this, statusCode, headers, statusText)
    return !this.paused
  }

  onData(chunk: Buffer): boolean | undefined {
    const goesOn = this.#passOn(chunk)
    return this.#hasPeerEnded || goesOn
  }

  /**
   * Resumes a client of undici 7 before its peer's end reaches it: a paused one would fail by an
   * assertion that no one can catch (nodejs/undici#5360). All bytes before the end have been passed
   * on.
   */
  override peerEnded(): void {
    this.#hasPeerEnded = true
    this.#resume?.()
  }

  override rewind(): void {
    super.rewind()
    this.#hasPeerEnded = false
    this.#resume = undefined
  }

  #passOn(chunk: Buffer): boolean | undefined {
    const { handler } = this
    if (this.isLegacyHandler) return this.#follow((handler as LegacyHandler).onData?.(chunk))
    ;(handler as Dispatcher.DispatchHandler).onResponseData?.(this, chunk)
    return !this.paused
  }

  onComplete(rawTrailers: Buffer[]): void {
    const { handler } = this
    this.completed()
    if (this.isLegacyHandler) {
      ;(handler as LegacyHandler).onComplete?.(rawTrailers)
      return
    }
    this.rawTrailers = rawTrailers
    const trailers = this.keeper.parseHeaders(rawTrailers)
    ;(handler as Dispatcher.DispatchHandler).onResponseEnd?.(this, trailers)
  }

  onUpgrade(statusCode: number, rawHeaders: Buffer[], socket: Duplex): void {
    const { handler } = this
    this.upgraded()
    if (this.isLegacyHandler) {
      ;(handler as LegacyHandler).onUpgrade?.(statusCode, rawHeaders, socket)
      return
    }
    this.rawHeaders = rawHeaders
    const { onRequestUpgrade } = handler as Dispatcher.DispatchHandler
    onRequestUpgrade?.call(handler, this, statusCode, this.keeper.parseHeaders(rawHeaders), socket)
  }

  onError(error: Error): void {
    this.keeper.failed(this, error)
  }

  /** Follows the answers of a handler of the old kind, by which it pauses. */
  #follow(goesOn: boolean | undefined): boolean | undefined {
    if (goesOn === false) this.pause()
    return goesOn
  }

  protected override abortAttempt(reason: Error): void {
    this.#abort?.(reason)
  }

  protected override resumeAttempt(): void {
    this.#resume?.()
  }
}
