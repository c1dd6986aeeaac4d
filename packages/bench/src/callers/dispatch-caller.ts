import process from 'node:process'
import type { Caller, Exchange, RequestPlan } from './caller.ts'

/** As much of undici's `Dispatcher`, of either version, as a request needs. */
export interface DispatcherLike {
  readonly dispatch: (
    options: {
      readonly origin: string
      readonly path: string
      readonly method: 'GET' | 'POST'
      readonly body: Buffer | null
    },
    handler: DispatchCallbacks,
  ) => boolean
  readonly destroy: () => Promise<void>
}

/** The callbacks that undici 7 and 8 both know. */
export interface DispatchCallbacks {
  readonly onRequestStart: () => void
  readonly onResponseStart: (
    controller: unknown,
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ) => void
  readonly onResponseData: (controller: unknown, chunk: Buffer) => void
  readonly onResponseEnd: () => void
  readonly onResponseError: (controller: unknown, error: Error) => void
}

/** Requests by `dispatch`, which undici's other calls are made of. */
export class DispatchCaller implements Caller {
  readonly #dispatcher: DispatcherLike
  readonly #origins: readonly string[]
  readonly #method: 'GET' | 'POST'
  readonly #body: Buffer | null

  constructor(dispatcher: DispatcherLike, { origins, method, body }: RequestPlan) {
    this.#dispatcher = dispatcher
    this.#origins = origins
    this.#method = method
    this.#body = body ?? null
  }

  call(index: number, exchange: Exchange): void {
    const origin = this.#origins[index]
    if (origin === undefined) throw new RangeError(`no origin ${index}`)
    this.#dispatcher.dispatch(
      { origin, path: '/', method: this.#method, body: this.#body },
      new Handler(exchange),
    )
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }
}

class Handler implements DispatchCallbacks {
  readonly #exchange: Exchange

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  onRequestStart(): void {
    // Nothing of a benchmark is ever aborted.
  }

  onResponseStart(
    _controller: unknown,
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ): void {
    if (status < 200) return
    const length = headers['content-length']
    this.#exchange.started(status, typeof length === 'string' ? length : undefined)
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#exchange.data?.(chunk)
  }

  onResponseEnd(): void {
    // undici has its connection back when the callback has returned.
    process.nextTick(this.#exchange.ended)
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#exchange.failed(error)
  }
}
