import { Socket } from 'node:net'
import type { ResolvedAddress } from '@holdfast/core'
import {
  type Complete,
  type ConnectingHandle,
  type ConnectRequest,
  interceptConnect,
  keepsAlive,
  type Outcome,
  takeConnection,
} from '../connecting-handle.ts'
import { realTime } from '../real-time.ts'
import { allAttemptsFailed, attemptError } from './attempt-error.ts'

/** Hears how the attempts of a dial end. */
export interface RaceListener {
  /** The address refused the connection, or a later attempt was faster. */
  readonly onFailed: (address: ResolvedAddress) => void
  /** The dial has connected to the address. */
  readonly onWon: (address: ResolvedAddress, attemptCount: number) => void
}

/** What a race is about. */
export interface RaceOptions {
  /** The socket that has to connect, by this handle. */
  readonly socket: Socket
  readonly handle: ConnectingHandle
  readonly host: string
  /** More than one, in the order in which they are tried. */
  readonly addresses: readonly ResolvedAddress[]
  readonly attemptTimeoutMs: number
  readonly localAddress: string | undefined
  readonly listener: RaceListener
}

const ignore = (): void => undefined

/**
 * A dial of several addresses by one socket. The socket itself connects to the first one; where that
 * fails, or takes longer than `attemptTimeoutMs`, the next one is tried beside it by a socket of its own,
 * and so forth. Whichever connects first, its connection becomes that of the socket, which sees no more
 * than that it has connected; all others are destroyed.
 */
export class AttemptRace {
  readonly #options: RaceOptions
  /** Attempts in progress, in the order in which they began. The first one is the socket's own. */
  readonly #running: Map<ResolvedAddress, Socket> = new Map()
  /** Why attempts failed, by address and port. */
  readonly #failures: Map<string, Error> = new Map()
  #attemptCount = 0
  #isOver = false
  #timer: NodeJS.Timeout | undefined
  #port = 0
  #request: ConnectRequest | undefined
  #complete: Complete = ignore

  constructor(options: RaceOptions) {
    this.#options = options
  }

  /** @param begin Lets the socket connect to the first address, within the call. */
  run(begin: () => void): void {
    interceptConnect(
      this.#options.handle,
      (connect) => (request, address, port) => {
        this.#prepare(request, address, port)
        const status = connect(request, address, port)
        this.#begun(status)
        // Within the call, the socket could not be told yet.
        return 0
      },
      begin,
    )
  }

  /** The socket's own attempt is about to begin. */
  #prepare(request: ConnectRequest, address: string, port: number): void {
    const { socket } = this.#options
    this.#request = request
    this.#complete = request.oncomplete
    this.#port = port
    this.#attemptCount = 1
    this.#running.set(this.#first, socket)
    request.oncomplete = (...outcome): void => this.#firstCompleted(outcome)
    // What Node lists where it tries several itself.
    Object.assign(socket, { autoSelectFamilyAttemptedAddresses: [`${address}:${port}`] })
  }

  #begun(status: number): void {
    const { address } = this.#first
    if (status === 0) this.#hurryNext()
    else
      realTime.nextTick(() => this.#failed(this.#first, attemptError(status, address, this.#port)))
  }

  get #first(): ResolvedAddress {
    return this.#options.addresses[0] as ResolvedAddress
  }

  #firstCompleted(outcome: Outcome): void {
    if (this.#isOver) return
    const [status] = outcome
    if (this.#options.socket.destroyed) {
      this.#end()
    } else if (status === 0) {
      this.#won(this.#first)
      this.#complete.call(this.#request as ConnectRequest, ...outcome)
    } else {
      this.#failed(this.#first, attemptError(status, this.#first.address, this.#port))
    }
  }

  /** Tries the next address once the present ones have had their time. */
  #hurryNext(): void {
    const { addresses, attemptTimeoutMs } = this.#options
    if (this.#attemptCount >= addresses.length) return
    const attemptCount = this.#attemptCount
    this.#timer = realTime.setTimeout(() => {
      // Where the loop was held up, an attempt may have ended that nobody has heard of yet.
      realTime.setImmediate(() => {
        if (this.#attemptCount === attemptCount) this.#beginNext()
      })
    }, attemptTimeoutMs)
    this.#timer.unref()
  }

  #beginNext(): void {
    const { addresses, handle, localAddress, socket } = this.#options
    realTime.clearTimeout(this.#timer)
    const address = addresses[this.#attemptCount]
    if (this.#isOver || address === undefined) return
    if (this.#attemptCount === 1) socket.once('close', this.#end)
    this.#attemptCount++
    socket.autoSelectFamilyAttemptedAddresses?.push(`${address.address}:${this.#port}`)
    socket.emit('connectionAttempt', address.address, this.#port, address.family)
    if (this.#isOver || socket.destroyed) return
    const attempt = new Socket()
    this.#running.set(address, attempt)
    // Its connection becomes another one's, who is the one to read it.
    attempt.pause()
    attempt.on('error', (error) => this.#failed(address, error))
    attempt.on('connect', () => this.#connected(address, attempt))
    attempt.connect({
      host: address.address,
      port: this.#port,
      ...(localAddress === undefined ? undefined : { localAddress }),
    })
    if (!keepsAlive(handle)) attempt.unref()
    this.#hurryNext()
  }

  #connected(address: ResolvedAddress, attempt: Socket): void {
    const { socket } = this.#options
    if (this.#isOver || socket.destroyed) {
      attempt.destroy()
      return
    }
    this.#running.delete(address)
    this.#won(address)
    const request = this.#request as ConnectRequest
    takeConnection(socket, attempt, request, this.#complete)
    attempt.destroy()
  }

  #failed(address: ResolvedAddress, error: Error): void {
    if (this.#isOver) return
    const { addresses, host, listener, socket } = this.#options
    this.#running.delete(address)
    this.#failures.set(`${address.address}:${this.#port}`, error)
    listener.onFailed(address)
    socket.emit('connectionAttemptFailed', address.address, this.#port, address.family, error)
    if (this.#isOver || socket.destroyed) return
    if (this.#attemptCount < addresses.length) {
      this.#beginNext()
    } else if (this.#running.size === 0) {
      this.#end()
      socket.destroy(allAttemptsFailed(host, this.#failures))
    }
  }

  #won(winner: ResolvedAddress): void {
    const { addresses, listener } = this.#options
    const place = addresses.indexOf(winner)
    // Those who began before it have had longer, and did not answer.
    for (const address of this.#running.keys()) {
      if (addresses.indexOf(address) < place) listener.onFailed(address)
    }
    const attemptCount = this.#attemptCount
    this.#end()
    listener.onWon(winner, attemptCount)
  }

  /** Ends all attempts but the socket's own. */
  readonly #end = (): void => {
    if (this.#isOver) return
    this.#isOver = true
    realTime.clearTimeout(this.#timer)
    const { socket } = this.#options
    socket.off('close', this.#end)
    for (const attempt of this.#running.values()) if (attempt !== socket) attempt.destroy()
    this.#running.clear()
  }
}
