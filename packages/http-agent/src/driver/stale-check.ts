import type { Socket } from 'node:net'
import type { CloseReason, ResolvedPolicy } from '@holdfast/core'
import { monotonicNowMs } from './clock.ts'
import { isSameTurn } from './loop-turn.ts'
import { peekDescriptor } from './peek-descriptor.ts'
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

/** Whether a request that is sent again where the socket turns out dead may do without a look. */
const isFresh = ({ idleTurn }: SocketCarrier, idleMs: number): boolean =>
  idleMs < PEEK_AFTER_MS || (idleMs < PEEK_IN_TURN_AFTER_MS && isSameTurn(idleTurn))

/** Why a socket must not serve a request, as far as a look at its descriptor tells. */
export const peekSocket = (socket: Socket): CloseReason | undefined => {
  const descriptor = descriptorOf(socket)
  return descriptor === undefined ? undefined : peekDescriptor(descriptor)
}

/** Checks, as `staleCheck` asks for, that an idle socket is alive before it is used again. */
export class StaleCheck {
  readonly #mode: ResolvedPolicy['staleCheck']
  /** The last socket that was looked at, until it is used. */
  #lookedAt: Socket | undefined

  constructor(mode: ResolvedPolicy['staleCheck']) {
    this.#mode = mode
  }

  /**
   * Looks at a socket that is about to be used again, unless it became idle just now.
   *
   * @param isReplayable Whether it does no harm if the socket is dead.
   */
  peek(carrier: SocketCarrier, idleMs: number, isReplayable: boolean): CloseReason | undefined {
    // A connection that may be used has opened, and has a socket for that.
    const socket = carrier.socket as Socket
    if (socket.destroyed || !socket.writable) return 'peer_fin'
    if (isReplayable ? isFresh(carrier, idleMs) : idleMs < PEEK_AFTER_MS) return undefined
    if (descriptorOf(socket) === undefined) return undefined
    this.#lookedAt = socket
    return peekSocket(socket)
  }

  /**
   * Whether only {@link passFence} can tell if the socket, which is about to be used, is alive.
   *
   * @param isReplayable Whether it does no harm if the socket is dead.
   */
  needsFence(carrier: SocketCarrier, idleSinceMs: number, isReplayable: boolean): boolean {
    const isLookedAt = this.#lookedAt === carrier.socket
    this.#lookedAt = undefined
    if (isLookedAt || this.#mode === 'none') return false
    return !(isReplayable && isFresh(carrier, monotonicNowMs() - idleSinceMs))
  }

  /** Goes on once the event loop has read whatever had come before. */
  passFence(goOn: () => void): void {
    // Two turns: the first one may have polled the sockets before the peer's close came.
    setImmediate(() => setImmediate(goOn))
  }
}
