import type { Socket } from 'node:net'
import type { Client } from 'undici'
import { ignore } from '../../driver/ignore.ts'
import { realTime } from '../../driver/real-time.ts'
import type { Connect, UndiciModule } from '../peer/undici-module.ts'
import type { ClientConnection } from './client-connection.ts'
import { HttpVersionError } from './connection-loss.ts'

/** Options of {@link ClientDialer}. */
export interface ClientDialerOptions {
  readonly undici: UndiciModule
  readonly connect: Connect
  readonly socketPath: string | undefined
  readonly localAddress: string | undefined
  /** The options of every client. */
  readonly clientOptions: Client.Options
}

/** Callbacks for the end of a dial. */
export interface DialListener {
  readonly onOpen: (carrier: ClientConnection) => void
  readonly onDialFailed: (carrier: ClientConnection, error: Error) => void
}

type Answer = (error: Error | null, socket: Socket | null) => void

const isSocket = (value: unknown): value is Socket =>
  typeof value === 'object' && value !== null && 'destroy' in value && 'on' in value

/** Opens sockets by undici's connector, or by the caller's, and gives each a client of its own. */
export class ClientDialer {
  readonly #options: ClientDialerOptions
  readonly #listener: DialListener

  constructor(options: ClientDialerOptions, listener: DialListener) {
    this.#options = options
    this.#listener = listener
  }

  dial(carrier: ClientConnection): void {
    const { connect, socketPath, localAddress } = this.#options
    const { hostname, servername, url } = carrier.target
    const { host, protocol, port } = url
    let isAnswered = false
    const answer: Answer = (error, socket) => {
      if (isAnswered) return
      isAnswered = true
      if (carrier.connection.stateName === 'closed') {
        // No request waits for the answer: it was given up, or the dispatcher was destroyed.
        socket?.on('error', ignore).destroy()
      } else if (error || !socket) {
        this.#listener.onDialFailed(carrier, error ?? new Error('connect returned no socket'))
      } else {
        this.#opened(carrier, socket)
      }
    }
    try {
      const socket = connect(
        {
          host,
          hostname,
          protocol,
          port,
          servername: servername as string,
          ...(socketPath === undefined ? undefined : { socketPath }),
          localAddress: localAddress ?? null,
        },
        answer as never,
      )
      if (isSocket(socket)) carrier.adopt(socket)
    } catch (error) {
      answer(error as Error, null)
    }
  }

  #opened(carrier: ClientConnection, socket: Socket): void {
    carrier.adopt(socket)
    // The pool may have been destroyed while `connect` took its time.
    if (carrier.isClosing) {
      socket.destroy()
    } else if ((socket as { readonly alpnProtocol?: unknown }).alpnProtocol === 'h2') {
      this.#listener.onDialFailed(carrier, new HttpVersionError(carrier.target.origin))
    } else {
      carrier.client = this.#createClient(carrier, socket)
      this.#listener.onOpen(carrier)
    }
  }

  #createClient(carrier: ClientConnection, socket: Socket): Client {
    const { undici, clientOptions } = this.#options
    let isGiven = false
    const giveSocket = (_options: unknown, callback: Answer): void => {
      // The client does not expect an answer within the call.
      realTime.queueMicrotask(() => {
        const isGone = isGiven || socket.destroyed
        isGiven = true
        if (isGone) {
          // With an error of undici's own, the client would ask again at once, without end.
          callback(new Error('the connection is gone', { cause: carrier.error }), null)
          return
        }
        carrier.isBeingGiven = true
        callback(null, socket)
        carrier.isBeingGiven = false
      })
    }
    return new undici.Client(carrier.target.url, {
      ...clientOptions,
      connect: giveSocket as NonNullable<Client.Options['connect']>,
    })
  }
}
