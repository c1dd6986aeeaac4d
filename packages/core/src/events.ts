import type { CloseReason } from './close-reason.ts'
import type { ErrorCode } from './errors.ts'

/** What every event of a connection says. */
export interface ConnectionEvent {
  readonly connectionId: number
  readonly origin: string
  readonly atMs: number
}

interface RequestEvent {
  readonly origin: string
  readonly atMs: number
}

/** Everything that the pool tells a listener. */
export type PoolEvent =
  | (ConnectionEvent & { readonly type: 'connection:dialing' })
  | (ConnectionEvent & {
      readonly type: 'connection:opened'
      /** How long the dial took. */
      readonly dialMs: number
    })
  | (ConnectionEvent & {
      /** It serves its last request. */
      readonly type: 'connection:draining'
      readonly reason: CloseReason
    })
  | (ConnectionEvent & {
      /** It was handed to the caller for good (upgrade, CONNECT). */
      readonly type: 'connection:detached'
      readonly ageMs: number
      readonly requestCount: number
    })
  | (ConnectionEvent & {
      readonly type: 'connection:closed'
      readonly reason: CloseReason
      readonly ageMs: number
      readonly requestCount: number
      /** Whether it ever opened. */
      readonly wasOpen: boolean
    })
  | (RequestEvent & { readonly type: 'request:queued'; readonly queuedCount: number })
  | (RequestEvent & { readonly type: 'request:rejected'; readonly code: ErrorCode | 'dial_failed' })

export type PoolEventType = PoolEvent['type']
