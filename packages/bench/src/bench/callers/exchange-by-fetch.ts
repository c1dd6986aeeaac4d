import type { ExchangeByUrl, UrlRequestOptions } from './url-caller.ts'

/** undici's `fetch`, in either version, or Node's own. */
export type FetchLike = (
  url: string,
  options: UrlRequestOptions,
) => Promise<{
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null }
  readonly arrayBuffer: () => Promise<ArrayBuffer>
}>

/** Throws the cause, which says what happened; the error itself only says that fetch failed. */
const throwCause = (error: unknown): never => {
  throw error instanceof Error ? (error.cause ?? error) : error
}

/** Requests by `fetch`. */
export const exchangeByFetch =
  (fetch: FetchLike): ExchangeByUrl =>
  async (url, options, exchange) => {
    const answer = await fetch(url, options).catch(throwCause)
    exchange.started(answer.status, answer.headers.get('content-length') ?? undefined)
    const body = await answer.arrayBuffer().catch(throwCause)
    exchange.data?.(Buffer.from(body))
  }
