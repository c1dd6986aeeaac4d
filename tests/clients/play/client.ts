import type { Readable } from 'node:stream'

/** What ends a request before its answer. */
export interface Limits {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/**
 * A client, set up as its example says, as far as the checks use it. All requests go to an origin
 * (`http://127.0.0.1:4711`), whose server answers in the manner that the check wants.
 */
export interface Client {
  /** The agents or dispatchers that it has been given. */
  readonly pools: readonly object[]
  /** Asks without a body; resolves with what the server says: `ok`. */
  readonly get: (origin: string, limits: Limits) => Promise<string>
  /** Sends a text; resolves with what the server says: how many bytes it got. */
  readonly post: (origin: string, text: string) => Promise<string>
  /** Sends what a stream yields; resolves with the same. */
  readonly upload?: (origin: string, body: Readable) => Promise<string>
  /** Reads a long answer as it comes; resolves with how many bytes it read. */
  readonly download?: (origin: string) => Promise<number>
  /**
   * Where requests reach the pool later than they are made, as in a proxy: has something done right
   * before the next one does.
   */
  readonly beforeNext?: (deed: () => void) => void
}
