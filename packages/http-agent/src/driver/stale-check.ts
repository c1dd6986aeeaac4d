import type { Socket } from 'node:net'
import type { CloseReason, ResolvedPolicy } from '@holdfast/core'
import { monotonicNowMs } from './clock.ts'
import { peekDescriptor } from './peek-descriptor.ts'
import { descriptorOf } from './socket-descriptor.ts'

/**
 * From this idle time on, a socket is looked at before it is used again. It costs about as much as a
 * tenth of a request; within a shorter time few closes come, and those that matter are met otherwise:
 * a safe request is sent again, and before any other one the event loop turns, for all of them at once.
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
