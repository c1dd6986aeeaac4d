import type { Caller, Exchange, InFlight, RequestPlan } from './caller.ts'

/** Part of undici's `Dispatcher`, in either version, that a request needs. */
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

/** Controller that undici passes to each callback. */
export interface DispatchController {
  readonly abort: (error: Error) => void
}

/** Callbacks that undici 7 and 8 both know. */
export interface DispatchCallbacks {
  readonly onRequestStart: (controller: DispatchController) => void
  readonly onResponseStart: (
    controller: unknown,
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ) => void
  readonly onResponseData: (controller: unknown, chunk: Buffer) => void
  readonly onResponseEnd: () => void
  readonly onResponseError: (controller: unknown, error: Error) => void
}

/** Requests by `dispatch`, which undici's other calls are built on. */
export class DispatchCaller implements Caller {
  readonly #dispatcher: DispatcherLike
  readonly #origins: readonly string[]
  readonly #path: string
  readonly #method: 'GET' | 'POST'
  readonly #body: Buffer | null

  constructor(dispatcher: DispatcherLike, { origins, path, method, body }: RequestPlan) {
    this.#dispatcher = dispatcher
    this.#origins = origins
    this.#path = path
    this.#method = method
    this.#body = body ?? null
  }

  call(index: number, exchange: Exchange): InFlight {
    const origin = this.#origins[index]
    if (origin === undefined) throw new RangeError(`no origin ${index}`)
    const handler = new DispatchExchange(exchange)
    this.#dispatcher.dispatch(
      { origin, path: this.#path, method: this.#method, body: this.#body },
      handler,
    )
    return handler
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }
}

/** One request by `dispatch`. */
export class DispatchExchange implements DispatchCallbacks, InFlight {
  #controller: DispatchController | undefined
  readonly #exchange: Exchange

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  onRequestStart(controller: DispatchController): void {
    this.#controller = controller
  }

  destroy(error: Error): void {
    this.#controller?.abort(error)
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
    // undici has its connection back when the callback returns. A microtask, as after a promise:
    // the cost of a tick depends on the ticks that V8 has seen while the process started.
    queueMicrotask(this.#exchange.ended)
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#exchange.failed(error)
  }
}
