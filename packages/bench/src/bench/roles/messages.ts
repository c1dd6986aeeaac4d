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

/** Source of the requests: a service under load, or a loop around the client alone. */
export type Path = 'gateway' | 'direct'

/** Settings that all requests of a client share. */
export interface ClientPlan {
  readonly origins: readonly string[]
  readonly path: string
  readonly method: 'GET' | 'POST'
  /** Size of a request's body; 0 for none. */
  readonly bodyBytes: number
  readonly concurrency: number
}

/** Question of the controller to a role process, one at a time. */
export type Command =
  /** Asks the upstream to open the ports. */
  | ({ readonly kind: 'listen'; readonly upstream: StartedUpstream } & PortPlan)
  /** Asks the upstream for the counts of a group of ports. */
  | { readonly kind: 'count'; readonly group: number }
  /** Asks the upstream how many requests the connections of a group served. */
  | { readonly kind: 'uses'; readonly group: number }
  /** Asks a client to create a new agent or dispatcher in place of an earlier one. */
  | {
      readonly kind: 'prepare'
      readonly variant: Variant
      readonly path: Path
      readonly plan: ClientPlan
    }
  /** Tells a client that the slice begins. */
  | { readonly kind: 'begin-slice' }
  /** Asks the load generator, or on the direct path the client, to make requests. */
  | { readonly kind: 'load'; readonly port: number; readonly task: LoadTask }
  /** Tells a client that the slice ends. */
  | { readonly kind: 'end-slice' }

/** Reply of a role process: the kind of the command, or `failed`. */
export type Reply =
  | {
      readonly kind: 'listen'
      readonly groups: readonly PortGroup[]
      readonly description: UpstreamDescription
    }
  | ({ readonly kind: 'count' } & UpstreamCounts)
  | { readonly kind: 'uses'; readonly uses: ConnectionUses | null }
  /** Port that load is sent to; 0 on the direct path. */
  | { readonly kind: 'prepare'; readonly port: number }
  | { readonly kind: 'begin-slice' }
  | ({
      readonly kind: 'load'
      /** Heap of an idle connection; null where it is not measured. */
      readonly bytesPerConnection: number | null
    } & LoadFigures)
  | {
      readonly kind: 'end-slice'
      /** User time of the whole process. */
      readonly cpuUserUs: number
      readonly cpuSystemUs: number
      /** Share of the time in which its event loop was busy, from 0 to 1. */
      readonly eventLoopUtilization: number
      /** Errors of requests to the upstream. */
      readonly errors: ErrorCounts
      /** Errors that broke off an answer that had begun. */
      readonly brokenAnswers: number
      /** Connections that the load generator opened to this client. */
      readonly connectionsAccepted: number
    }
  | { readonly kind: 'failed'; readonly reason: string }

export type CommandKind = Command['kind']
export type CommandOf<K extends CommandKind> = Extract<Command, { readonly kind: K }>
export type ReplyTo<K extends CommandKind> = Extract<Reply, { readonly kind: K }>
