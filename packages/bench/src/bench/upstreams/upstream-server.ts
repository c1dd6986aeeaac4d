/** Counts of an upstream since it listens. */
export interface UpstreamCounts {
  readonly requests: number
  readonly connections: number
}

/** Description of the upstream in a record. */
export interface UpstreamDescription {
  /** Name and version, such as `Node 26.10.0` or `nginx 1.22.1`. */
  readonly software: string
  /** Configuration, in the server's own form. */
  readonly configuration: string
  /** Whether it counts a connection that carried no request. */
  readonly countsUnused: boolean
}

/** Pairs of a number of requests and the number of connections that served so many. */
export type ConnectionUses = readonly (readonly [requests: number, connections: number])[]

/** Ports of one participant, one for each origin. */
export type PortGroup = readonly number[]

/** Number of ports to open. */
export interface PortPlan {
  /** Groups of ports that are counted apart. */
  readonly groups: number
  readonly portsPerGroup: number
  readonly tls: boolean
}

/** Server that answers requests and counts them. */
export interface UpstreamServer {
  readonly description: UpstreamDescription
  readonly groups: readonly PortGroup[]
  /** Counts of this group of ports, or of all ports where the server cannot tell them apart. */
  readonly counts: (group: number) => Promise<UpstreamCounts>
  /** Requests by connection of this group; null where the server does not say. */
  readonly uses: (group: number) => Promise<ConnectionUses | null>
  /** Closes the server. Leaves no process and no file behind. */
  readonly close: () => Promise<void>
}

/** Divides ports among groups. */
export function grouped(ports: readonly number[], portsPerGroup: number): PortGroup[] {
  return Array.from({ length: ports.length / portsPerGroup }, (_, group) =>
    ports.slice(group * portsPerGroup, (group + 1) * portsPerGroup),
  )
}
