import type { Socket } from 'node:net'
import type { CloseReason, Look, ResolvedPolicy } from '@holdfast/core'
import { monotonicNowMs } from '../clock.ts'
import type { SocketCarrier } from '../socket-carrier.ts'
import { descriptorOf } from '../socket-handle.ts'
import { mayLook } from './look-budget.ts'
import { isSameTurn } from './loop-turn.ts'
import { peekDescriptor } from './peek-descriptor.ts'

/**
 * The idle time from which a socket is looked at before it serves a request that is sent again if the
 * socket turns out dead. A look at each reuse costs a tenth of a request's CPU at 50 connections; from 2 ms
 * on the cost could not be measured, because most connections of a busy agent are used again within a turn
 * of the event loop.
 */
const PEEK_AFTER_MS = 2

/**
 * The same within the turn of the event loop in which the socket became idle. A turn that serves a
 * thousand sockets is longer than {@link PEEK_AFTER_MS}; an occasional second dispatch costs less than a
 * look at each of them.
 */
const PEEK_IN_TURN_AFTER_MS = 50

/** A connection that is about to be used again, or for the first time since it was dialled ahead. */
interface ReusedConnection {
  readonly transport: SocketCarrier | undefined
  readonly idleSinceMs: number
  /** Number of requests that it has been leased to. */
  readonly requestCount: number
}

/** Whether the socket was in use a moment ago, and all of its last response was read. */
const isFresh = ({ idleTurn, mayHoldMore }: SocketCarrier, idleMs: number): boolean => {
  if (mayHoldMore) return false
  return idleMs < PEEK_AFTER_MS || (idleMs < PEEK_IN_TURN_AFTER_MS && isSameTurn(idleTurn))
}

/** Whether a request that must not be lost is kept back, rather than its socket looked at. */
const isKeptBack = ({ keepsBack }: SocketCarrier, nowMs: number): boolean =>
  keepsBack === 'always' || (keepsBack === 'asked' && !mayLook(nowMs))

/** The reason not to use a socket, found by a look at its descriptor; `undefined` if there is none. */
export const peekSocket = (socket: Socket): CloseReason | undefined => {
  const descriptor = descriptorOf(socket)
  return descriptor === undefined ? undefined : peekDescriptor(descriptor)
}

/**
 * Whether session tickets may wait to be read, which a TLS 1.3 server sends after its handshake
 * (RFC 8446 §4.6.1). They look like stray bytes, and a look would take them away from the stream. Once the
 * first response has come, they have, too.
 */
const mayHoldTickets = (socket: Socket, { requestCount }: ReusedConnection): boolean =>
  requestCount === 0 && 'encrypted' in socket

/** Checks, as `staleCheck` asks for, that a socket is alive before it is used again. */
export class StaleCheck {
  readonly #mode: ResolvedPolicy['staleCheck']

  constructor(mode: ResolvedPolicy['staleCheck']) {
    this.#mode = mode
  }

  /**
   * Looks at a socket that is about to be used, unless a look would cost more than it is worth: where it
   * was in use a moment ago, a request that is sent again does without, and another one may be kept back
   * until the loop has read once more.
   *
   * @param isReplayed Whether the request is sent again, without harm, where the socket is dead.
   */
  peek(connection: ReusedConnection, isReplayed: boolean, nowMs: number): Look {
    // A connection that may be used has opened, and has a socket for that.
    const carrier = connection.transport as SocketCarrier
    const socket = carrier.socket as Socket
    if (socket.destroyed || !socket.writable) return 'peer_fin'
    if (isFresh(carrier, nowMs - connection.idleSinceMs)) {
      if (isReplayed) return 'alive'
      if (isKeptBack(carrier, nowMs)) return 'unsure'
    }
    if (this.#mode === 'fence' || mayHoldTickets(socket, connection)) return 'unsure'
    const descriptor = descriptorOf(socket)
    return descriptor === undefined ? 'unsure' : (peekDescriptor(descriptor) ?? 'alive')
  }

  /** Whether the socket, which has just been leased, was in use a moment ago. */
  isUnseen({ transport, idleSinceMs }: ReusedConnection): boolean {
    if (this.#mode === 'none') return false
    return isFresh(transport as SocketCarrier, monotonicNowMs() - idleSinceMs)
  }
}
