import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { TLSSocket } from 'node:tls'
import type { Target } from '../target.ts'
import type { Addresses } from './look-up.ts'
import type { TlsObservation } from './observation.ts'
import { HTTP_1_ALONE, openSocket, type TlsWish } from './open-socket.ts'
import { ProbeFailure } from './probe-failure.ts'
import { ProbedConnection } from './probed-connection.ts'

/** Opens the connections of a probe, keeps what TLS did on them, and closes them all. */
export class ConnectionSource {
  readonly target: Target
  readonly interruption: AbortSignal
  /** Reasons why further connections could not be opened. */
  readonly refusals: string[] = []
  /** Addresses to try; the one that took the first connection, from then on. */
  #addresses: Addresses
  readonly #startedMs = performance.now()
  readonly #connections: ProbedConnection[] = []
  /** TLS of the first connection, read while it was open. */
  #secured: Pick<TlsObservation, 'version' | 'cipher'> | undefined
  /** TLS session of the first connection, for the others to resume. */
  #session: Buffer | undefined
  #sessionReused: boolean | null = null

  constructor(target: Target, addresses: Addresses, interruption: AbortSignal) {
    this.target = target
    this.#addresses = addresses
    this.interruption = interruption
  }

  /** Address of the connections, once the first is open. */
  get address(): string {
    return this.#addresses[0]
  }

  /**
   * Opens the first connection, and keeps to its address.
   *
   * @throws ProbeFailure where the server cannot be reached
   */
  async openFirst(): Promise<ProbedConnection> {
    const socket = await openSocket(this.target, this.#addresses, HTTP_1_ALONE, this.interruption)
    this.#addresses = [socket.remoteAddress ?? this.address]
    if (socket instanceof TLSSocket) {
      const version = socket.getProtocol() ?? 'unknown'
      this.#secured = { version, cipher: socket.getCipher().name }
      this.#rememberSession(socket)
    }
    return this.#adopt(socket)
  }

  /**
   * Opens another connection; undefined where the server refuses it, or the probe was interrupted.
   */
  async open(): Promise<ProbedConnection | undefined> {
    const session = this.#session
    const socket = await this.#tryOpen({ ...HTTP_1_ALONE, session })
    if (socket === undefined) return
    if (socket instanceof TLSSocket && session !== undefined) {
      this.#sessionReused ||= socket.isSessionReused()
    }
    return this.#adopt(socket)
  }

  /** Opens another connection to see what the server chooses; null without TLS. */
  async observeTls(): Promise<TlsObservation | null> {
    if (this.#secured === undefined) return null
    const chosen = await this.#tryOpen({ protocols: ['h2', 'http/1.1'], session: undefined })
    const alpn = (chosen instanceof TLSSocket && chosen.alpnProtocol) || null
    chosen?.destroy()
    return { ...this.#secured, alpn, sessionReused: this.#sessionReused }
  }

  closeAll(): void {
    for (const connection of this.#connections) connection.close()
  }

  /**
   * Keeps the session: TLS 1.3 sends its tickets after the handshake, earlier versions within it.
   */
  #rememberSession(socket: TLSSocket): void {
    if (socket.getProtocol() !== 'TLSv1.3') this.#session = socket.getSession()
    socket.on('session', (session: Buffer) => {
      this.#session ??= session
    })
  }

  async #tryOpen(wish: TlsWish): Promise<Socket | undefined> {
    if (this.interruption.aborted) return undefined
    try {
      return await openSocket(this.target, this.#addresses, wish, this.interruption)
    } catch (error) {
      if (error instanceof ProbeFailure) this.refusals.push(error.message)
      else if (!this.interruption.aborted) throw error
      return undefined
    }
  }

  #adopt(socket: Socket): ProbedConnection {
    const clock = (): number => performance.now() - this.#startedMs
    const connection = new ProbedConnection(socket, this.target, clock, this.interruption)
    this.#connections.push(connection)
    return connection
  }
}
