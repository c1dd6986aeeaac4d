import type { Socket } from 'node:net'

/** A socket as agents see it. */
export interface AgentSocket extends Socket {
  /**
   * TLS sockets only: whether the handshake is in progress.
   *
   * @why A TLS socket that is handed in may be connected while its handshake has still to end.
   * @instead `tlsSocket.secureConnecting`, documented.
   */
  readonly secureConnecting?: boolean
}
