import type { Socket } from 'node:net'
import type { CloseReason, ResolvedPolicy } from '@holdfast/core'
import { monotonicNowMs } from './clock.ts'
import { peekDescriptor } from './peek-descriptor.ts'
import { descriptorOf } from './socket-descriptor.ts'

/**
 * From this idle time on, a socket is looked at before it is used again. Looking at each reuse costs a
 * quarter of a request's CPU at 50 connections, from 1 ms on an eighth, from 2 ms on nothing that
 * could be measured: most connections of a busy agent are used again within a turn of the event loop.
 * Within that time a request that can be sent again needs no look, and for any other one the loop
 * turns, once for all of them.
 */
const PEEK_AFTER_MS = 2

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

  /** Looks at a socket that is about to be used again, unless it became idle just now. */
  peek(socket: Socket, idleMs: number): CloseReason | undefined {
    if (socket.destroyed || !socket.writable) return 'peer_fin'
    if (idleMs < PEEK_AFTER_MS || descriptorOf(socket) === undefined) return undefined
    this.#lookedAt = socket
    return peekSocket(socket)
  }

  /**
   * Whether only {@link passFence} can tell if the socket, which is about to be used, is alive.
   *
   * @param isReplayable Whether it does no harm if it is not.
   */
  needsFence(socket: Socket, idleSinceMs: number, isReplayable: boolean): boolean {
    const isLookedAt = this.#lookedAt === socket
    this.#lookedAt = undefined
    if (isLookedAt || this.#mode === 'none') return false
    return !isReplayable || monotonicNowMs() - idleSinceMs >= PEEK_AFTER_MS
  }

  /** Goes on once the event loop has read whatever had come before. */
  passFence(goOn: () => void): void {
    // Two turns: the first one may have polled the sockets before the peer's close came.
    setImmediate(() => setImmediate(goOn))
  }
}
