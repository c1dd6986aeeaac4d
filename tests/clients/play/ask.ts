import { Readable } from 'node:stream'
import type { Client, Limits } from './client.ts'

/** A request of a client that can make any. */
export interface Asked extends Limits {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body?: string | Readable
}

/** A client that makes every request in one way, and resolves with the text of its response. */
export const clientThatAsks = (
  pools: Client['pools'],
  ask: (asked: Asked) => Promise<string>,
  download: (url: string) => Promise<number>,
): Client => ({
  pools,
  get: (origin, limits) => ask({ url: `${origin}/`, method: 'GET', ...limits }),
  post: (origin, body) => ask({ url: `${origin}/`, method: 'POST', body }),
  upload: (origin, body) => ask({ url: `${origin}/`, method: 'POST', body }),
  download: (origin) => download(`${origin}/`),
})

/** How many bytes a stream yields. */
export const byteLength = async (
  stream: AsyncIterable<unknown> | Iterable<unknown> | null,
): Promise<number> => {
  let length = 0
  for await (const chunk of stream ?? []) length += (chunk as Uint8Array).byteLength
  return length
}

/** A signal that a client without a time-out of its own takes instead. */
export const signalOf = ({ signal, timeoutMs }: Limits): { readonly signal?: AbortSignal } => {
  if (timeoutMs !== undefined) return { signal: AbortSignal.timeout(timeoutMs) }
  return signal === undefined ? {} : { signal }
}

/** What a `fetch` takes of a request; that it wants `duplex` for a stream is the standard's. */
export const fetchOptionsOf = ({
  method,
  body,
  ...limits
}: Asked): {
  readonly method: string
  readonly body?: string | Readable
  readonly duplex?: 'half'
  readonly signal?: AbortSignal
} => ({
  method,
  ...(body === undefined ? {} : { body }),
  ...(body instanceof Readable ? { duplex: 'half' } : {}),
  ...signalOf(limits),
})
