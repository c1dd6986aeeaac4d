/** What an upstream has seen since it listens. */
export interface UpstreamCounts {
  readonly requests: number
  readonly connections: number
}

/** What a run's record says of its upstream. */
export interface UpstreamDescription {
  /** Such as `Node 26.10.0` or `nginx 1.22.1`. */
  readonly software: string
  /** What it runs with, as its own configuration says it. */
  readonly configuration: string
  /** Whether a connection counts that no request came on. */
  readonly countsUnused: boolean
}

/** How many connections served how many requests. */
export type ConnectionUses = readonly (readonly [requests: number, connections: number])[]

/** The ports of one participant, one for each origin. */
export type PortGroup = readonly number[]

/** How many ports to open. */
export interface PortPlan {
  /** One for each that is counted apart. */
  readonly groups: number
  readonly portsPerGroup: number
  readonly tls: boolean
}

/** A server that answers requests and counts them. */
export interface UpstreamServer {
  readonly description: UpstreamDescription
  readonly groups: readonly PortGroup[]
  /** Of this group of ports, or of all where the server cannot tell them apart. */
  readonly counts: (group: number) => Promise<UpstreamCounts>
  /** Of this group; null where the server does not say. */
  readonly uses: (group: number) => Promise<ConnectionUses | null>
  /** Leaves no process and no file behind. */
  readonly close: () => Promise<void>
}

/** Divides ports among groups. */
export function grouped(ports: readonly number[], portsPerGroup: number): PortGroup[] {
  return Array.from({ length: ports.length / portsPerGroup }, (_, group) =>
    ports.slice(group * portsPerGroup, (group + 1) * portsPerGroup),
  )
}
