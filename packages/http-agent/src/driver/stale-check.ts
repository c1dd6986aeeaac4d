import type { Socket } from 'node:net'
import type { CloseReason, ResolvedPolicy } from '@holdfast/core'
import { monotonicNowMs } from './clock.ts'
import { isSameTurn } from './loop-turn.ts'
import { peekDescriptor } from './peek-descriptor.ts'
import { realTime } from './real-time.ts'
import type { SocketCarrier } from './socket-carrier.ts'
import { descriptorOf } from './socket-descriptor.ts'

/**
 * From this idle time on, a socket is looked at before a request uses it that cannot be sent again.
 * Looking at each reuse costs a quarter of a request's CPU at 50 connections, from 1 ms on an eighth,
 * from 2 ms on nothing that could be measured: most connections of a busy agent are used again within
 * a turn of the event loop. Within that time the loop turns instead, once for all such requests.
 */
const PEEK_AFTER_MS = 2

/**
 * The same for a request that is sent again where the socket turns out dead, in the turn of the event
 * loop in which the socket became idle. A turn that serves a thousand sockets is longer than
 * {@link PEEK_AFTER_MS}; a second dispatch now and then costs less than a look at each of them.
 */
const PEEK_IN_TURN_AFTER_MS = 50

/** An idle connection that is about to be used, or has just been leased for that. */
interface IdleConnection {
  readonly transport: SocketCarrier | undefined
  readonly idleSinceMs: number
  /** How many requests it has been leased to. */
  readonly requestCount: number
}

/** Whether a request that is sent again where the socket turns out dead may do without any check. */
const isFresh = ({ idleTurn }: SocketCarrier, idleMs: number): boolean =>
  idleMs < PEEK_AFTER_MS || (idleMs < PEEK_IN_TURN_AFTER_MS && isSameTurn(idleTurn))

/** Why a socket must not serve a request, as far as a look at its descriptor tells. */
export const peekSocket = (socket: Socket): CloseReason | undefined => {
  const descriptor = descriptorOf(socket)
  return descriptor === undefined ? undefined : peekDescriptor(descriptor)
}

/**
 * Whether nobody can tell from outside what waits to be read. After its handshake, a TLS 1.3 server
 * sends session tickets (RFC 8446 §4.6.1). They look like stray bytes, and a look would take them away
 * from the stream; until the first response has come, which follows them, they may be on their way.
 */
const mayHoldTickets = (socket: Socket, { requestCount }: IdleConnection): boolean =>
  requestCount === 0 && 'encrypted' in socket

/** Checks, as `staleCheck` asks for, that an idle socket is alive before it is used again. */
export class StaleCheck {
  readonly #mode: ResolvedPolicy['staleCheck']
  /** The last socket of which {@link peek} was sure, until it is used. */
  #cleared: Socket | undefined

  constructor(mode: ResolvedPolicy['staleCheck']) {
    this.#mode = mode
  }

  /**
   * Looks at a socket that is about to be used, unless a look would cost more than it is worth, or
   * would not tell; {@link needsFence} then says whether something else has to.
   *
   * @param isReplayed Whether the request is sent again, without harm, where the socket is dead.
   */
  peek(connection: IdleConnection, isReplayed: boolean, nowMs: number): CloseReason | undefined {
    // A connection that may be used has opened, and has a socket for that.
    const carrier = connection.transport as SocketCarrier
    const socket = carrier.socket as Socket
    if (socket.destroyed || !socket.writable) return 'peer_fin'
    const idleMs = nowMs - connection.idleSinceMs
    if (isReplayed && isFresh(carrier, idleMs)) {
      this.#cleared = socket
      return undefined
    }
    if (idleMs < PEEK_AFTER_MS || mayHoldTickets(socket, connection)) return undefined
    if (descriptorOf(socket) === undefined) return undefined
    this.#cleared = socket
    return peekSocket(socket)
  }

  /**
   * Whether only {@link passFence} can tell if the socket, which has just been leased, is alive.
   *
   * @param isReplayed Whether the request is sent again, without harm, where the socket is dead.
   */
  needsFence({ transport, idleSinceMs }: IdleConnection, isReplayed: boolean): boolean {
    const carrier = transport as SocketCarrier
    const isCleared = this.#cleared === carrier.socket
    this.#cleared = undefined
    if (isCleared || this.#mode === 'none') return false
    return !(isReplayed && isFresh(carrier, monotonicNowMs() - idleSinceMs))
  }

  /**
   * Whether nobody has looked at the socket, which has just been leased, because it was in use a
   * moment ago.
   */
  isUnseen({ transport, idleSinceMs }: IdleConnection): boolean {
    if (this.#mode === 'none') return false
    return isFresh(transport as SocketCarrier, monotonicNowMs() - idleSinceMs)
  }

  /** Goes on once the event loop has read whatever had come before. */
  passFence(goOn: () => void): void {
    // Two turns: the first one may have polled the sockets before the peer's close came.
    realTime.setImmediate(() => realTime.setImmediate(goOn))
  }
}
