import { type Channel, channel } from 'node:diagnostics_channel'
import {
  type Connection,
  type HoldfastEvent,
  NAME_EVENT_TYPES,
  type NameEvent,
  type NameEventType,
  type OriginTarget,
  POOL_EVENT_TYPES,
  PORT_EVENT_TYPES,
  type PoolEvent,
  type PoolEventType,
  type PortEvent,
  type PortEventType,
} from '@holdfast/core'
import type { SocketCarrier } from '../socket-carrier.ts'
import { type DialPhases, DialWatch, UNSEEN_PHASES } from './dial-watch.ts'
import type { ServerAddress } from './server-address.ts'
import { endpointsOf, type SocketEndpoints } from './socket-endpoints.ts'
import { rememberDial } from './watched-dials.ts'

type EventType = HoldfastEvent['type']

const EVENT_TYPES: readonly EventType[] = [
  ...POOL_EVENT_TYPES,
  ...PORT_EVENT_TYPES,
  ...NAME_EVENT_TYPES,
]

/** The channel of each type of event, by type. The list is closed. */
export const DIAGNOSTICS_CHANNELS: {
  readonly [Type in EventType]: `holdfast:${Type}`
} = Object.freeze(Object.fromEntries(EVENT_TYPES.map((type) => [type, `holdfast:${type}`]))) as {
  readonly [Type in EventType]: `holdfast:${Type}`
}

/** Fields that every message adds to its event; addresses are `undefined` if not known. */
export interface MessageContext extends ServerAddress, SocketEndpoints {
  /**
   * The agent or dispatcher that it happened in. Not enumerable: whoever prints a message must not print
   * its options, which hold private keys.
   */
  readonly source: object
}

/**
 * The message on the channel of an event: the event, and where it happened. Ephemeral ports and names
 * belong to the process, so that their events have no such place.
 */
export type DiagnosticsMessage<Type extends EventType = PoolEventType> = Type extends PortEventType
  ? PortEvent
  : Type extends NameEventType
    ? NameEvent
    : Extract<PoolEvent, { readonly type: Type }> &
        MessageContext &
        (Type extends 'connection:opened' ? DialPhases : unknown)

/** The channels, held here because Node forgets one that has no reference. */
const CHANNELS: ReadonlyMap<EventType, Channel> = new Map(
  EVENT_TYPES.map((type) => [type, channel(DIAGNOSTICS_CHANNELS[type])]),
)

const isSubscribed = (type: PoolEventType): boolean => CHANNELS.get(type)?.hasSubscribers === true

/** Publishes an event of the process, rather than of a pool. */
export const publishProcessEvent = (event: PortEvent | NameEvent): void => {
  CHANNELS.get(event.type)?.publish(event)
}

/**
 * Publishes the events of a pool on `diagnostics_channel`. No event is created for a channel without
 * subscribers.
 */
export class Diagnostics<Transport extends SocketCarrier, Request extends object> {
  readonly #source: object
  readonly #serverOf: (target: OriginTarget) => ServerAddress
  /** The ends of connections, which a socket no longer tells once it is closed. */
  readonly #endpoints: WeakMap<object, SocketEndpoints> = new WeakMap()
  /** Dials in progress whose phases somebody wants to hear of. */
  readonly #dials: WeakMap<object, DialWatch> = new WeakMap()

  constructor(source: object, serverOf: (target: OriginTarget) => ServerAddress) {
    this.#source = source
    this.#serverOf = serverOf
  }

  readonly wants = (type: PoolEventType): boolean =>
    isSubscribed(type) ||
    // The only chance to learn the ends of a connection whose close somebody wants to hear of.
    (type === 'connection:opened' && isSubscribed('connection:closed'))

  /** The dial of the connection has begun. */
  dialBegun(connection: Connection<Transport, Request>): void {
    if (!isSubscribed('connection:opened')) return
    const { createdAtMs, transport } = connection
    // One that its maker hands over connected has shown nothing.
    if (transport?.socket?.connecting !== true) return
    this.#dials.set(connection, new DialWatch(transport.socket, createdAtMs))
  }

  /** The connection has opened, and a request has it that waited for one: its record shows the dial. */
  dialServed(connection: Connection<Transport, Request>): void {
    const watch = this.#dials.get(connection)
    if (watch === undefined || connection.request === undefined) return
    rememberDial(connection.request, { connectionId: connection.id, phases: watch.phases })
  }

  readonly publish = (
    event: PoolEvent,
    target: OriginTarget,
    connection?: Connection<Transport, Request>,
  ): void => {
    const endpoints = this.#endpointsOf(connection)
    if (!isSubscribed(event.type)) return
    const phases = event.type === 'connection:opened' && this.#endDial(connection, event.atMs)
    const message = { ...event, ...phases, ...this.#serverOf(target), ...endpoints }
    Object.defineProperty(message, 'source', { value: this.#source })
    CHANNELS.get(event.type)?.publish(message)
  }

  #endDial(connection: Connection<Transport, Request> | undefined, openedAtMs: number): DialPhases {
    const watch = connection && this.#dials.get(connection)
    watch?.end(openedAtMs)
    return watch?.phases ?? UNSEEN_PHASES
  }

  #endpointsOf(connection: Connection<Transport, Request> | undefined): SocketEndpoints {
    const known = connection && this.#endpoints.get(connection)
    if (known !== undefined) return known
    const endpoints = endpointsOf(connection?.transport?.socket)
    if (connection !== undefined && endpoints.localPort !== undefined) {
      this.#endpoints.set(connection, endpoints)
    }
    return endpoints
  }
}
