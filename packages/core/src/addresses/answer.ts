/** One of the addresses that a resolver answered with. */
export interface ResolvedAddress {
  /** An IPv4 or IPv6 address, as the resolver wrote it. */
  readonly address: string
  /** The IP version of the address. */
  readonly family: 4 | 6
}

/**
 * The addresses that a resolver found for a name: each once, in the resolver's order, at least one.
 */
export interface Answer {
  /** The addresses, the resolver's preferred one first. */
  readonly addresses: readonly ResolvedAddress[]
  /** Time of the answer, in milliseconds of the pool's clock. */
  readonly atMs: number
}
