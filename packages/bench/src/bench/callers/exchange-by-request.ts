import type { ExchangeByUrl, UrlRequestOptions } from './url-caller.ts'

/** Part of the answer of undici's `request`, in either version, that is needed. */
export interface RequestAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Buffer> & { readonly dump: () => Promise<unknown> }
}

/** undici's `request`, in either version. */
export type UndiciRequest = (url: string, options: UrlRequestOptions) => Promise<RequestAnswer>

/** Requests by undici's `request`. */
export const exchangeByRequest =
  (request: UndiciRequest): ExchangeByUrl =>
  async (url, options, exchange) => {
    const { statusCode, headers, body } = await request(url, options)
    const length = headers['content-length']
    exchange.started(statusCode, typeof length === 'string' ? length : undefined)
    if (exchange.data === undefined) await body.dump()
    else for await (const chunk of body) exchange.data(chunk)
  }
