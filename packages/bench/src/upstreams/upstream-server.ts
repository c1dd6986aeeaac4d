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
}

/** A server that answers requests and counts them. */
export interface UpstreamServer {
  readonly description: UpstreamDescription
  /** One port for each that was asked for. */
  readonly ports: readonly number[]
  /** Of the port with this index, or of all ports where the server cannot tell them apart. */
  readonly counts: (index: number) => Promise<UpstreamCounts>
  /** Leaves no process and no file behind. */
  readonly close: () => Promise<void>
}

/** What a Node upstream answers with unless told otherwise; what nginx answers with, too. */
export const DEFAULT_BODY = '{"message":"held fast, as always"}'
