import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import { hasDoubtfulEnd, readParsedHeaders } from '../connection/connection-headers.ts'
import type { LegacyHandler } from '../peer/undici-module.ts'
import { DispatchedRequest } from './dispatched-request.ts'

type Controller = Dispatcher.DispatchController

/** A request for clients that take handlers with a controller: those of undici 8. */
export class ControllerRequest extends DispatchedRequest {
  #attempt: Controller | undefined = undefined

  override optionsFor(isLast: boolean): Dispatcher.DispatchOptions {
    const options = super.optionsFor(isLast)
    if (!('dispatcher' in options)) return options
    // `request` of undici 7 leaves it where it stood; a client of undici 8 does not take it.
    const { dispatcher, ...others } = options
    return others as Dispatcher.DispatchOptions
  }

  onRequestStart(attempt: Controller): void {
    this.#attempt = attempt
    if (this.paused) attempt.pause()
    this.started()
  }

  onResponseStart(
    attempt: Controller,
    statusCode: number,
    headers: IncomingHttpHeaders,
    statusText: string,
  ): void {
    const { handler } = this
    const { rawHeaders } = attempt
    if (statusCode >= 200) readParsedHeaders(headers, this)
    this.hasDoubtfulEnd = hasDoubtfulEnd(statusCode, headers)
    this.rawHeaders = rawHeaders ?? null
    if (!this.isLegacyHandler) {
      const { onResponseStart } = handler as Dispatcher.DispatchHandler
      onResponseStart?.call(handler, this, statusCode, headers, statusText)
      return
    }
    const { onHeaders } = handler as LegacyHandler
    const resume = (): void => this.resume()
    const goesOn = onHeaders?.call(handler, statusCode, rawHeaders as Buffer[], resume, statusText)
    if (goesOn === false) this.pause()
  }

  onResponseData(_attempt: Controller, chunk: Buffer): void {
    const { handler } = this
    if (this.isLegacyHandler) {
      if ((handler as LegacyHandler).onData?.(chunk) === false) this.pause()
      return
    }
    ;(handler as Dispatcher.DispatchHandler).onResponseData?.(this, chunk)
  }

  onResponseEnd(attempt: Controller, trailers: IncomingHttpHeaders): void {
    const { handler } = this
    this.completed()
    const { rawTrailers } = attempt
    if (this.isLegacyHandler) {
      ;(handler as LegacyHandler).onComplete?.((rawTrailers ?? []) as Buffer[])
      return
    }
    this.rawTrailers = rawTrailers ?? null
    ;(handler as Dispatcher.DispatchHandler).onResponseEnd?.(this, trailers)
  }

  onRequestUpgrade(
    attempt: Controller,
    statusCode: number,
    headers: IncomingHttpHeaders,
    socket: Duplex,
  ): void {
    const { handler } = this
    const { rawHeaders } = attempt
    this.upgraded()
    if (this.isLegacyHandler) {
      ;(handler as LegacyHandler).onUpgrade?.(statusCode, rawHeaders as Buffer[], socket)
      return
    }
    this.rawHeaders = rawHeaders ?? null
    ;(handler as Dispatcher.DispatchHandler).onRequestUpgrade?.(this, statusCode, headers, socket)
  }

  onResponseError(_attempt: Controller, error: Error): void {
    this.keeper.failed(this, error)
  }

  override pause(): void {
    super.pause()
    this.#attempt?.pause()
  }

  protected override abortAttempt(reason: Error): void {
    this.#attempt?.abort(reason)
  }

  protected override resumeAttempt(): void {
    this.#attempt?.resume()
  }
}
