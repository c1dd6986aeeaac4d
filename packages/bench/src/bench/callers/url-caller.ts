import type { Caller, Exchange, RequestPlan } from './caller.ts'
import type { DispatcherLike } from './dispatch-caller.ts'

/** What each request of a client is made with, as undici's `request` and `fetch` both take it. */
export interface UrlRequestOptions {
  readonly dispatcher: DispatcherLike
  readonly method: 'GET' | 'POST'
  readonly body?: Buffer
}

/** Makes one request; kept when its response is complete. */
export type ExchangeByUrl = (
  url: string,
  options: UrlRequestOptions,
  exchange: Exchange,
) => Promise<void>

/** Requests through a dispatcher by what takes a URL. */
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
