import type { RequestFailure } from '../request/request-failure.ts'
import type { CloseReason } from './close-reason.ts'
import type { Connection } from './connection.ts'
import type { OriginTarget } from './origin-target.ts'
import type { RejectionCode } from './rejection-code.ts'

/** Fields that every event of a connection has. */
export interface ConnectionEvent {
  /** The id of the connection, unique within its pool. */
  readonly connectionId: number
  /** The name of the connection's origin. */
  readonly origin: string
  /** The time of the event, in milliseconds of the pool's clock. */
  readonly atMs: number
}

interface OriginEvent {
  /** The name of the origin. */
  readonly origin: string
  /** The time of the event, in milliseconds of the pool's clock. */
  readonly atMs: number
}

/** An event of the pool. */
export type PoolEvent =
  | (ConnectionEvent & { readonly type: 'connection:dialing' })
  | (ConnectionEvent & {
      readonly type: 'connection:opened'
      /** Duration of the dial, in milliseconds. */
      readonly dialMs: number
    })
  | (ConnectionEvent & {
      /** It serves its last request. */
      readonly type: 'connection:draining'
      readonly reason: CloseReason
    })
  | (ConnectionEvent & {
      /** It has served its last request, and waits for its peer to close first. */
      readonly type: 'connection:lingering'
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
  | (OriginEvent & { readonly type: 'request:queued'; readonly queuedCount: number })
  | (OriginEvent & {
      /** A request that had to wait got a connection. One that did not wait makes no event. */
      readonly type: 'request:leased'
      readonly connectionId: number
      readonly waitMs: number
      /** Whether the connection had served a request before. */
      readonly isReused: boolean
    })
  | (OriginEvent & { readonly type: 'request:rejected'; readonly code: RejectionCode })
  | (OriginEvent & {
      /** A request that was sent is lost with its connection, and is sent again on a fresh one. */
      readonly type: 'request:replayed'
      /** The connection that was lost. */
      readonly connectionId: number
    })
  | (OriginEvent & {
      /** A request lost its connection before it was sent, and goes to another one. */
      readonly type: 'request:moved'
      /** The connection that was lost. */
      readonly connectionId: number
    })
  | (OriginEvent & {
      /** A request that had a connection got an error. */
      readonly type: 'request:failed'
      readonly connectionId: number | undefined
      /** The facts of its failure, as on its error. */
      readonly failure: RequestFailure
    })
  | (OriginEvent & {
      /** A dial of the address failed: until its time is up, other addresses come first. */
      readonly type: 'address:passed_over'
      readonly address: string
      readonly forMs: number
      /** Dials of it that failed in a row; what fails within that time counts as one. */
      readonly failureCount: number
    })
  | (OriginEvent & {
      /** The name of the origin does not stand for the address any more. */
      readonly type: 'address:gone'
      readonly address: string
      /** Connections to it. Those that are idle end, those in use finish. */
      readonly openCount: number
    })

/** An event of an address. */
export type AddressEvent = Extract<PoolEvent, { readonly type: `address:${string}` }>

/** The type of an event of the pool. */
export type PoolEventType = PoolEvent['type']

/** The meaning of each type of event, for documents and help. */
export const POOL_EVENT_MEANINGS: Readonly<Record<PoolEventType, string>> = {
  'connection:dialing': 'a dial has begun',
  'connection:opened': 'a dial has succeeded',
  'connection:draining': 'a connection serves its last request',
  'connection:lingering': 'a connection waits for its peer to close first',
  'connection:detached': 'a request keeps its connection for good (upgrade, CONNECT)',
  'connection:closed': 'a connection is gone, or its dial came to nothing',
  'request:queued': 'a request waits, and the caps allow no dial for it',
  'request:leased': 'a request that had to wait has got a connection',
  'request:rejected': 'a request got an error instead of a connection',
  'request:replayed': 'a request was lost with its connection, and is sent again on a fresh one',
  'request:moved': 'a request lost its connection before it was sent, and goes to another one',
  'request:failed': 'a request that had a connection got an error',
  'address:passed_over': 'a dial of an address failed, and other addresses come first for a while',
  'address:gone': 'a name does not stand for an address any more, whose connections end',
}

/** Every type of event, in the order of a connection's life. */
export const POOL_EVENT_TYPES: readonly PoolEventType[] = Object.keys(
  POOL_EVENT_MEANINGS,
) as PoolEventType[]

/** An event of the ephemeral ports that connections to one address and port hold. */
export interface PortEvent {
  /** The type of the event. */
  readonly type: 'ports:nearly_exhausted' | 'ports:recovered'
  /** The address and port. */
  readonly destination: string
  /** The time of the event, in milliseconds of the pool's clock. */
  readonly atMs: number
  /** Connections to it that are open. */
  readonly open: number
  /** TIME_WAITs that connections to it have left behind and that are not over. */
  readonly timeWaits: number
  /** Number of ephemeral ports that the system has. */
  readonly ports: number
}

/** The type of an event of ephemeral ports. */
export type PortEventType = PortEvent['type']

/** The counterpart of {@link POOL_EVENT_MEANINGS} for ephemeral ports. */
export const PORT_EVENT_MEANINGS: Readonly<Record<PortEventType, string>> = {
  'ports:nearly_exhausted':
    "a destination's ephemeral ports are nearly used up: idle connections to it are closed by RST from now on",
  'ports:recovered': 'the ephemeral ports of a destination are no longer scarce',
}

/** Every type of event of ephemeral ports. */
export const PORT_EVENT_TYPES: readonly PortEventType[] = Object.keys(
  PORT_EVENT_MEANINGS,
) as PortEventType[]

/** A lookup of a name, which may serve many dials of several pools. */
export interface NameEvent {
  /** The type of the event. */
  readonly type: 'name:looked_up'
  /** The name, as it was asked for. */
  readonly name: string
  /** The time of the event, in milliseconds of the pool's clock. */
  readonly atMs: number
  /** Duration of the lookup, in milliseconds. */
  readonly lookupMs: number
  /** Number of addresses that the name has; 0 where the lookup failed. */
  readonly addressCount: number
  /** The resolver's error code, such as `ENOTFOUND`; `undefined` where the lookup succeeded. */
  readonly code: string | undefined
  /** Whether no dial waited for it: the name is in use, and was looked up again. */
  readonly isBackground: boolean
}

/** The type of an event of names. */
export type NameEventType = NameEvent['type']

/** The counterpart of {@link POOL_EVENT_MEANINGS} for names. */
export const NAME_EVENT_MEANINGS: Readonly<Record<NameEventType, string>> = {
  'name:looked_up': 'the resolver has answered, or failed',
}

/** Every type of event of names. */
export const NAME_EVENT_TYPES: readonly NameEventType[] = Object.keys(
  NAME_EVENT_MEANINGS,
) as NameEventType[]

/** An event of the pool, of ephemeral ports, or of names. */
export type HoldfastEvent = PoolEvent | PortEvent | NameEvent

/** Receives every event, with the target of its origin and the connection that it concerns, if any. */
export type PoolListener<Transport, Request> = (
  event: PoolEvent,
  target: OriginTarget,
  connection?: Connection<Transport, Request>,
) => void
