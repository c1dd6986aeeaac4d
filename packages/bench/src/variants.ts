import http from 'node:http'

/** An agent under test. */
export interface Variant {
  readonly description: string
  /** `maxSockets` is the concurrency, so that no request ever has to wait by configuration. */
  readonly createAgent: (maxSockets: number) => Promise<http.Agent>
}

/** Longer than the pause between two slices of a variant, which must not cost it connections. */
const FREE_SOCKET_TIMEOUT_MS = 55_000

export type VariantName = 'short' | 'node' | 'agentkeepalive' | 'holdfast'

/** Every agent that can be measured. Libraries load only where they are needed. */
export const VARIANTS: Readonly<Record<VariantName, Variant>> = {
  short: {
    description: 'http.Agent with keepAlive off: a connection per request',
    // Without maxSockets: a finite one makes Node send `Connection: keep-alive` and pass sockets on.
    createAgent: () => Promise.resolve(new http.Agent({ keepAlive: false })),
  },
  node: {
    description: 'http.Agent with keepAlive on',
    createAgent: (maxSockets) =>
      Promise.resolve(new http.Agent({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets })),
  },
  agentkeepalive: {
    description: 'HttpAgent of agentkeepalive',
    createAgent: async (maxSockets) => {
      const { HttpAgent } = (await import('agentkeepalive')).default
      return new HttpAgent({
        maxSockets,
        maxFreeSockets: maxSockets,
        freeSocketTimeout: FREE_SOCKET_TIMEOUT_MS,
      })
    },
  },
  holdfast: {
    description: 'HttpAgent of @holdfast/http-agent with its default policy',
    createAgent: async (maxSockets) => {
      const { HttpAgent } = await import('@holdfast/http-agent')
      return new HttpAgent({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets })
    },
  },
}

export const VARIANT_NAMES: readonly VariantName[] = Object.keys(VARIANTS) as VariantName[]

/** What all others are compared with, and what runs twice to show the noise. */
export const BASELINE = 'node'
