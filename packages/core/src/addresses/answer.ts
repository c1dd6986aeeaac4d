/** One of the addresses that a resolver answered with. */
export interface ResolvedAddress {
  /** An IPv4 or IPv6 address, as the resolver wrote it. */
  readonly address: string
  readonly family: 4 | 6
}

/** What a resolver said of a name: each address once, in the resolver's order, at least one. */
export interface Answer {
  readonly addresses: readonly ResolvedAddress[]
  /** When it came. */
  readonly atMs: number
}
