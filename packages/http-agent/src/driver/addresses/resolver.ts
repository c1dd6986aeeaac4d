import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** What turns names into addresses: `dns.lookup`, or the caller's own `lookup`. */
export type Resolver = LookupFunction

/** What a resolver is asked. Whoever asks the same shares the answer. */
export interface Question {
  readonly resolver: Resolver
  readonly host: string
  readonly family: number
  readonly hints: number
  /** Whether the resolver is asked for all addresses, rather than for one. */
  readonly isAll: boolean
}

/** How a resolver answers: with a list, or with one address and its family. */
export type ResolverCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void
