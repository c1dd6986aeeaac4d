/** Options of a request: those that `http.request` was called with, and its defaults. */
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
