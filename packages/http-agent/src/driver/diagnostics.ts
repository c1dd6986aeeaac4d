import { type Channel, channel } from 'node:diagnostics_channel'
import {
  type Connection,
  POOL_EVENT_TYPES,
  type PoolEvent,
  type PoolEventType,
} from '@holdfast/core'
import type { ServerAddress } from './server-address.ts'
import type { SocketCarrier } from './socket-carrier.ts'
import { endpointsOf, type SocketEndpoints } from './socket-endpoints.ts'

/** The channel of each type of event, by type. The list is closed. */
export const DIAGNOSTICS_CHANNELS: {
  readonly [Type in PoolEventType]: `holdfast:${Type}`
} = Object.freeze(
  Object.fromEntries(POOL_EVENT_TYPES.map((type) => [type, `holdfast:${type}`])),
) as { readonly [Type in PoolEventType]: `holdfast:${Type}` }

/** What every message says besides what its event does; ends are `undefined` where not known. */
export interface MessageContext extends ServerAddress, SocketEndpoints {
  /** The agent or dispatcher that it happened in. */
  readonly source: object
}

/** What is published on the channel of an event: the event, and where it happened. */
export type DiagnosticsMessage<Type extends PoolEventType = PoolEventType> = Extract<
  PoolEvent,
  { readonly type: Type }
> &
  MessageContext

/** Held here, because Node forgets a channel that nobody holds. */
const CHANNELS: ReadonlyMap<PoolEventType, Channel> = new Map(
  POOL_EVENT_TYPES.map((type) => [type, channel(DIAGNOSTICS_CHANNELS[type])]),
)

const isSubscribed = (type: PoolEventType): boolean => CHANNELS.get(type)?.hasSubscribers === true

/**
 * Publishes what happens in a pool on `diagnostics_channel`. For a channel without subscribers no
 * event is made.
 */
export class Diagnostics<Transport extends SocketCarrier, Request> {
  readonly #source: object
  readonly #serverOf: (originKey: string) => ServerAddress
  /** The ends of connections, which a socket no longer tells once it is closed. */
  readonly #endpoints: WeakMap<object, SocketEndpoints> = new WeakMap()

  constructor(source: object, serverOf: (originKey: string) => ServerAddress) {
    this.#source = source
    this.#serverOf = serverOf
  }

  readonly wants = (type: PoolEventType): boolean =>
    isSubscribed(type) ||
    // The only chance to learn the ends of a connection whose close somebody wants to hear of.
    (type === 'connection:opened' && isSubscribed('connection:closed'))

  readonly publish = (event: PoolEvent, connection?: Connection<Transport, Request>): void => {
    const endpoints = this.#endpointsOf(connection)
    if (!isSubscribed(event.type)) return
    const message: DiagnosticsMessage = {
      ...event,
      ...this.#serverOf(event.origin),
      ...endpoints,
      source: this.#source,
    }
    CHANNELS.get(event.type)?.publish(message)
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
