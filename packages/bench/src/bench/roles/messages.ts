import type { StartedUpstream } from '../upstreams/open-upstream.ts'
import type {
  ConnectionUses,
  PortGroup,
  PortPlan,
  UpstreamCounts,
  UpstreamDescription,
} from '../upstreams/upstream-server.ts'
import type { Variant } from '../variants/variant.ts'
import type { ErrorCounts } from '../workloads/error-tally.ts'
import type { LoadFigures } from '../workloads/load-tally.ts'
import type { LoadTask } from '../workloads/load-task.ts'

/** Where the requests come from: a service under load, or a loop around the client alone. */
export type Path = 'gateway' | 'direct'

/** What all requests of a client have in common. */
export interface ClientPlan {
  readonly origins: readonly string[]
  readonly path: string
  readonly method: 'GET' | 'POST'
  /** Size of a request's body; 0 for none. */
  readonly bodyBytes: number
  readonly concurrency: number
}

/** What the controller asks of a role process, one at a time. */
export type Command =
  /** To the upstream: open the ports. */
  | ({ readonly kind: 'listen'; readonly upstream: StartedUpstream } & PortPlan)
  /** To the upstream: what has this group of ports seen? */
  | { readonly kind: 'count'; readonly group: number }
  /** To the upstream: how many requests did the connections of this group serve? */
  | { readonly kind: 'uses'; readonly group: number }
  /** To a client: create a new agent or dispatcher, in place of an earlier one, and get ready. */
  | {
      readonly kind: 'prepare'
      readonly variant: Variant
      readonly path: Path
      readonly plan: ClientPlan
    }
  /** To a client: the figures start here. */
  | { readonly kind: 'begin-slice' }
  /** To the load generator, or on the direct path to the client. */
  | { readonly kind: 'load'; readonly port: number; readonly task: LoadTask }
  /** To a client: the figures end here. */
  | { readonly kind: 'end-slice' }

/** What a role process answers: the kind of the command, or `failed`. */
export type Reply =
  | {
      readonly kind: 'listen'
      readonly groups: readonly PortGroup[]
      readonly description: UpstreamDescription
    }
  | ({ readonly kind: 'count' } & UpstreamCounts)
  | { readonly kind: 'uses'; readonly uses: ConnectionUses | null }
  /** `port` is where load has to go; 0 on the direct path. */
  | { readonly kind: 'prepare'; readonly port: number }
  | { readonly kind: 'begin-slice' }
  | ({
      readonly kind: 'load'
      /** Of an idle connection; null where that is not measured. */
      readonly bytesPerConnection: number | null
    } & LoadFigures)
  | {
      readonly kind: 'end-slice'
      /** Of the whole process. */
      readonly cpuUserUs: number
      readonly cpuSystemUs: number
      /** The share of the time in which its event loop did something, from 0 to 1. */
      readonly eventLoopUtilization: number
      /** Errors of requests to the upstream. */
      readonly errors: ErrorCounts
      /** How many of these broke an answer off that had begun. */
      readonly brokenAnswers: number
      /** Connections that the load generator opened to this client. */
      readonly connectionsAccepted: number
    }
  | { readonly kind: 'failed'; readonly reason: string }

export type CommandKind = Command['kind']
export type CommandOf<K extends CommandKind> = Extract<Command, { readonly kind: K }>
export type ReplyTo<K extends CommandKind> = Extract<Reply, { readonly kind: K }>
