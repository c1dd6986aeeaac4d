import type { Caller, Exchange, RequestPlan } from './caller.ts'
import type { DispatcherLike } from './dispatch-caller.ts'

/** undici's `fetch`, of either version, or Node's own. */
export type FetchLike = (
  url: string,
  options: {
    readonly dispatcher: DispatcherLike
    readonly method: 'GET' | 'POST'
    readonly body?: Buffer
  },
) => Promise<{
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null }
  readonly arrayBuffer: () => Promise<ArrayBuffer>
}>

/** Requests by `fetch` through a dispatcher. */
export class FetchCaller implements Caller {
  readonly #fetch: FetchLike
  readonly #options: Parameters<FetchLike>[1]
  readonly #urls: readonly string[]

  constructor(
    fetch: FetchLike,
    dispatcher: DispatcherLike,
    { origins, path, method, body }: RequestPlan,
  ) {
    this.#fetch = fetch
    this.#options = { dispatcher, method, ...(body === undefined ? {} : { body }) }
    this.#urls = origins.map((origin) => `${origin}${path}`)
  }

  call(origin: number, exchange: Exchange): undefined {
    this.#exchange(this.#urls[origin] as string, exchange).then(exchange.ended, (error: unknown) =>
      // What happened stands in the cause; the error itself only says that fetch failed.
      exchange.failed(error instanceof Error ? (error.cause ?? error) : error),
    )
  }

  async close(): Promise<void> {
    await this.#options.dispatcher.destroy()
  }

  async #exchange(url: string, exchange: Exchange): Promise<void> {
    const answer = await this.#fetch(url, this.#options)
    exchange.started(answer.status, answer.headers.get('content-length') ?? undefined)
    const body = await answer.arrayBuffer()
    exchange.data?.(Buffer.from(body))
  }
}
