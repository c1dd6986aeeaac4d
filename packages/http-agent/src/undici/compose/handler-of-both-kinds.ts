import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { AnyHandler, LegacyHandler } from '../peer/undici-module.ts'

type Controller = Dispatcher.DispatchController

/**
 * Makes raw headers from an object. Those of the controller will not do: an interceptor may have
 * changed the headers.
 */
const toRaw = (headers: IncomingHttpHeaders): Buffer[] =>
  Object.entries(headers).flatMap(([name, value = '']) =>
    [value].flat().flatMap((one) => [Buffer.from(name, 'latin1'), Buffer.from(one, 'latin1')]),
  )

/** A handler of the old kind that may be called as one of either kind. */
class HandlerOfBothKinds implements Required<LegacyHandler> {
  readonly #handler: LegacyHandler

  constructor(handler: LegacyHandler) {
    this.#handler = handler
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#handler.onConnect?.((reason) => controller.abort(reason as Error), context)
  }

  onRequestUpgrade(
    _controller: Controller,
    statusCode: number,
    headers: IncomingHttpHeaders,
    socket: Duplex,
  ): void {
    this.#handler.onUpgrade?.(statusCode, toRaw(headers), socket)
  }

  onResponseStart(
    controller: Controller,
    statusCode: number,
    headers: IncomingHttpHeaders,
    statusText = '',
  ): void {
    const resume = (): void => controller.resume()
    const goesOn = this.#handler.onHeaders?.(statusCode, toRaw(headers), resume, statusText)
    if (goesOn === false) controller.pause()
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#handler.onData?.(chunk) === false) controller.pause()
  }

  onResponseEnd(_controller: Controller, trailers: IncomingHttpHeaders): void {
    this.#handler.onComplete?.(toRaw(trailers))
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.onError(error)
  }

  onConnect(...heard: Parameters<NonNullable<LegacyHandler['onConnect']>>): void {
    this.#handler.onConnect?.(...heard)
  }

  onUpgrade(...heard: Parameters<NonNullable<LegacyHandler['onUpgrade']>>): void {
    this.#handler.onUpgrade?.(...heard)
  }

  onHeaders(...heard: Parameters<NonNullable<LegacyHandler['onHeaders']>>): boolean | undefined {
    return this.#handler.onHeaders?.(...heard)
  }

  onData(chunk: Buffer): boolean | undefined {
    return this.#handler.onData?.(chunk)
  }

  onComplete(rawTrailers: Buffer[]): void {
    this.#handler.onComplete?.(rawTrailers)
  }

  onError(error: Error): void {
    if (this.#handler.onError === undefined) throw error
    this.#handler.onError(error)
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk)
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.()
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.()
  }
}

const isLegacy = (handler: AnyHandler): handler is LegacyHandler =>
  typeof (handler as Dispatcher.DispatchHandler).onRequestStart !== 'function' &&
  typeof (handler as LegacyHandler).onConnect === 'function'

/**
 * Makes a handler that may be called with a controller. A value that is no handler is returned as
 * it is.
 */
export const withController = (handler: AnyHandler): AnyHandler =>
  typeof handler === 'object' && handler !== null && isLegacy(handler)
    ? new HandlerOfBothKinds(handler)
    : handler
