import type { Caller, Exchange, RequestPlan } from './caller.ts'
import type { DispatcherLike } from './dispatch-caller.ts'

/** Options of a request, as undici's `request` and `fetch` both take them. */
export interface UrlRequestOptions {
  readonly dispatcher: DispatcherLike
  readonly method: 'GET' | 'POST'
  readonly body?: Buffer
}

/** Makes one request; resolves when its response is complete. */
export type ExchangeByUrl = (
  url: string,
  options: UrlRequestOptions,
  exchange: Exchange,
) => Promise<void>

/** Requests by a function that takes a URL and a dispatcher. */
export class UrlCaller implements Caller {
  readonly #exchange: ExchangeByUrl
  readonly #options: UrlRequestOptions
  readonly #urls: readonly string[]

  constructor(
    exchange: ExchangeByUrl,
    dispatcher: DispatcherLike,
    { origins, path, method, body }: RequestPlan,
  ) {
    this.#exchange = exchange
    this.#options = { dispatcher, method, ...(body === undefined ? {} : { body }) }
    this.#urls = origins.map((origin) => `${origin}${path}`)
  }

  call(origin: number, exchange: Exchange): undefined {
    const url = this.#urls[origin]
    if (url === undefined) throw new RangeError(`no origin ${origin}`)
    this.#exchange(url, this.#options, exchange).then(exchange.ended, exchange.failed)
  }

  async close(): Promise<void> {
    await this.#options.dispatcher.destroy()
  }
}
