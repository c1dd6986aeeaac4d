import type { Socket } from 'node:net'
import { monotonicNowMs } from '../clock.ts'

/** Where the time of a dial went. What it had no need of, or was not seen, is `undefined`. */
export interface DialPhases {
  /** From the start of the dial to the addresses of the name, in milliseconds. */
  readonly lookupMs: number | undefined
  /** From there until TCP was connected, with every attempt, in milliseconds. */
  readonly connectMs: number | undefined
  /** From there until TLS was, in milliseconds. */
  readonly tlsMs: number | undefined
  /** Whether TLS resumed an earlier session. */
  readonly tlsResumed: boolean | undefined
  /** How many addresses were tried. */
  readonly attemptCount: number | undefined
}

/** Phases of a dial that nobody has watched. */
export const UNSEEN_PHASES: DialPhases = Object.freeze({
  lookupMs: undefined,
  connectMs: undefined,
  tlsMs: undefined,
  tlsResumed: undefined,
  attemptCount: undefined,
})

interface TlsSocket extends Socket {
  readonly isSessionReused?: () => boolean
}

/** Watches a socket connect, by its own events. */
export class DialWatch {
  readonly #socket: TlsSocket
  readonly #beganAtMs: number
  #lookedUpAtMs: number | undefined
  #connectedAtMs: number | undefined
  /** What was seen, once the connection has opened. */
  phases: DialPhases = UNSEEN_PHASES

  /** @param socket Is connecting. */
  constructor(socket: Socket, beganAtMs: number) {
    this.#socket = socket
    this.#beganAtMs = beganAtMs
    socket.on('lookup', this.#onLookup)
    socket.once('connect', this.#onConnect)
  }

  /** Ends the watch over a connection that has opened; its last event may not have reached the watch yet. */
  end(openedAtMs: number): void {
    const socket = this.#socket
    socket.off('lookup', this.#onLookup)
    socket.off('connect', this.#onConnect)
    const connectedAtMs = this.#connectedAtMs ?? openedAtMs
    const isTls = socket.isSessionReused !== undefined
    this.phases = {
      lookupMs: this.#lookedUpAtMs === undefined ? undefined : this.#lookedUpAtMs - this.#beganAtMs,
      connectMs: connectedAtMs - (this.#lookedUpAtMs ?? this.#beganAtMs),
      tlsMs: isTls ? openedAtMs - connectedAtMs : undefined,
      tlsResumed: socket.isSessionReused?.(),
      attemptCount: socket.autoSelectFamilyAttemptedAddresses?.length ?? 1,
    }
  }

  /** Node tells each address of a name by an event of its own. */
  readonly #onLookup = (): void => {
    this.#lookedUpAtMs ??= monotonicNowMs()
  }

  readonly #onConnect = (): void => {
    this.#connectedAtMs = monotonicNowMs()
  }
}
