import type { Caller, Exchange, RequestPlan } from './caller.ts'
import type { DispatcherLike } from './dispatch-caller.ts'

/** As much of the answer of undici's `request`, of either version, as is needed. */
export interface RequestAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Buffer> & { readonly dump: () => Promise<unknown> }
}

/** undici's `request`, of either version. */
export type UndiciRequest = (
  url: string,
  options: {
    readonly dispatcher: DispatcherLike
    readonly method: 'GET' | 'POST'
    readonly body?: Buffer
  },
) => Promise<RequestAnswer>

/** Requests by undici's `request`. */
export class RequestCaller implements Caller {
  readonly #request: UndiciRequest
  readonly #options: Parameters<UndiciRequest>[1]
  readonly #urls: readonly string[]

  constructor(
    request: UndiciRequest,
    dispatcher: DispatcherLike,
    { origins, path, method, body }: RequestPlan,
  ) {
    this.#request = request
    this.#options = { dispatcher, method, ...(body === undefined ? {} : { body }) }
    this.#urls = origins.map((origin) => `${origin}${path}`)
  }

  call(origin: number, exchange: Exchange): undefined {
    this.#exchange(this.#urls[origin] as string, exchange).then(exchange.ended, exchange.failed)
  }

  async close(): Promise<void> {
    await this.#options.dispatcher.destroy()
  }

  async #exchange(url: string, exchange: Exchange): Promise<void> {
    const { statusCode, headers, body } = await this.#request(url, this.#options)
    const length = headers['content-length']
    exchange.started(statusCode, typeof length === 'string' ? length : undefined)
    if (exchange.data === undefined) await body.dump()
    else for await (const chunk of body) exchange.data(chunk)
  }
}
