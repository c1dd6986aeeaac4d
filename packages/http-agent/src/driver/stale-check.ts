import type { Socket } from 'node:net'
import type { CloseReason, ResolvedPolicy } from '@holdfast/core'
import { monotonicNowMs } from './clock.ts'
import { peekDescriptor } from './peek-descriptor.ts'
import { descriptorOf } from './socket-descriptor.ts'

/**
 * A socket that was released less than this long ago is used again without a look. Within a turn of
 * the event loop that is as short as this, hardly a close can come that the loop has not read.
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

  constructor(mode: ResolvedPolicy['staleCheck']) {
    this.#mode = mode
  }

  /** Looks at a socket that is about to be used again. */
  peek(socket: Socket, idleSinceMs: number, nowMs: number): CloseReason | undefined {
    if (socket.destroyed || !socket.writable) return 'peer_fin'
    return nowMs - idleSinceMs < PEEK_AFTER_MS ? undefined : peekSocket(socket)
  }

  /** Whether only {@link passFence} can tell if the socket, which is about to be used, is alive. */
  needsFence(socket: Socket, idleSinceMs: number): boolean {
    if (this.#mode === 'none') return false
    if (this.#mode === 'peek' && descriptorOf(socket) !== undefined) return false
    return monotonicNowMs() - idleSinceMs >= PEEK_AFTER_MS
  }

  /** Goes on once the event loop has read whatever had come before. */
  passFence(goOn: () => void): void {
    // Two turns: the first one may have polled the sockets before the peer's close came.
    setImmediate(() => setImmediate(goOn))
  }
}
