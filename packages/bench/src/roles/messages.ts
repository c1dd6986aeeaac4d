import type { VariantName } from '../variants.ts'

/** Where the requests come from: a service under load, or a loop around the agent alone. */
export type Path = 'gateway' | 'direct'

/** How often each error code was met. */
export type ErrorCounts = Readonly<Record<string, number>>

/** What the side that starts the requests saw. */
export interface LoadFigures {
  /** Answers received in full, whatever their status. */
  readonly completed: number
  readonly non2xx: number
  readonly errors: ErrorCounts
  /** From the start of the first request to the end of the last answer. */
  readonly elapsedMs: number
  readonly p50Us: number
  readonly p99Us: number
}

/** What the controller asks of a role process, one at a time. */
export type Command =
  /** To the upstream: one listener for each participant. */
  | { readonly kind: 'listen'; readonly participants: readonly string[] }
  /** To the upstream: what did this participant's listener see since it exists? */
  | { readonly kind: 'count'; readonly participant: string }
  /** To a client: create the agent and get ready. */
  | {
      readonly kind: 'prepare'
      readonly variant: VariantName
      readonly path: Path
      readonly maxSockets: number
      readonly upstreamPort: number
    }
  /** To a client: the figures start here. */
  | { readonly kind: 'begin-slice' }
  /** To the load generator, or on the direct path to the client. */
  | {
      readonly kind: 'load'
      readonly port: number
      readonly connections: number
      readonly amount: number
    }
  /** To a client: the figures end here. */
  | { readonly kind: 'end-slice' }

/** What a role process answers: the kind of the command, or `failed`. */
export type Reply =
  | { readonly kind: 'listen'; readonly ports: Readonly<Record<string, number>> }
  | { readonly kind: 'count'; readonly requests: number; readonly connections: number }
  /** `port` is where load has to go. */
  | { readonly kind: 'prepare'; readonly port: number }
  | { readonly kind: 'begin-slice' }
  | ({ readonly kind: 'load' } & LoadFigures)
  | {
      readonly kind: 'end-slice'
      /** User and system time of the whole process. */
      readonly cpuUs: number
      /** Errors of requests to the upstream. */
      readonly errors: ErrorCounts
      /** Connections that the load generator opened to this client. */
      readonly connectionsAccepted: number
    }
  | { readonly kind: 'failed'; readonly reason: string }

export type CommandKind = Command['kind']
export type CommandOf<K extends CommandKind> = Extract<Command, { readonly kind: K }>
export type ReplyTo<K extends CommandKind> = Extract<Reply, { readonly kind: K }>

/** All roles talk to each other here and nowhere else. */
export const LOOPBACK = '127.0.0.1'
