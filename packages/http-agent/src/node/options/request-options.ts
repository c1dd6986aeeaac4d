/** What a request brings along: everything that `http.request` was called with, and by default more. */
export interface RequestOptions {
  readonly host?: string
  readonly port?: number
  readonly localAddress?: string
  readonly family?: number
  readonly socketPath?: string
  readonly timeout?: number
  readonly highWaterMark?: number
  readonly [name: string]: unknown
}
