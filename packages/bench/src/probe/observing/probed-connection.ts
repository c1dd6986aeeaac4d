import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from '../target.ts'
import { ExchangeStream } from './exchange-stream.ts'
import type {
  Answer,
  Asked,
  ConnectionRecord,
  Ending,
  Exchange,
  LateRequest,
  NoAnswer,
} from './observation.ts'
import { requestOnce } from './request-once.ts'

/** Number, and distance, of writes to a connection that has ended, until a reset shows. */
const LATE_WRITES = 6
const LATE_WRITE_GAP_MS = 100

/** Milliseconds since the probe began. */
export type Clock = () => number

/** Connection of the probe: Node parses its responses, but ends nothing and hides nothing. */
export class ProbedConnection {
  readonly #socket: Socket
  readonly #target: Target
  readonly #clock: Clock
  readonly #interruption: AbortSignal
  readonly #openedMs: number
  readonly #exchanges: Exchange[] = []
  /** Aborted when the peer ends the connection. */
  readonly #over = new AbortController()
  #ending: Ending | null = null
  #hasFailed = false
  #lastByteMs = 0
  #strayBytes = 0
  #stream: ExchangeStream | undefined

  constructor(socket: Socket, target: Target, clock: Clock, interruption: AbortSignal) {
    this.#socket = socket
    this.#target = target
    this.#clock = clock
    this.#interruption = interruption
    this.#openedMs = clock()
    socket.setNoDelay(true)
    socket.on('data', (bytes: Uint8Array) => this.#receive(bytes))
    socket.on('end', () => this.#end('fin', null))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#end('reset', error))
  }

  get hasEnded(): boolean {
    return this.#ending !== null
  }

  get ending(): Ending | null {
    return this.#ending
  }

  get record(): ConnectionRecord {
    return {
      openedMs: this.#openedMs,
      watchedUntilMs: this.#clock(),
      exchanges: [...this.#exchanges],
      ending: this.#ending,
      strayBytes: this.#strayBytes,
    }
  }

  /**
   * Sends a request and waits for all of the response, or for what comes instead. Undefined where
   * the probe was interrupted meanwhile.
   */
  async exchange(asked: Asked): Promise<Answer | NoAnswer | undefined> {
    const sentMs = this.#clock()
    this.#lastByteMs = sentMs
    const stream = new ExchangeStream((bytes) => this.#socket.write(bytes))
    this.#stream = stream
    // Node's client may lose interest in its socket without a word, so the limit does not depend on
    // it.
    const late = AbortSignal.timeout(this.#target.timeoutMs)
    const limit = AbortSignal.any([this.#interruption, late])
    const result = this.#tell(
      await Promise.race([requestOnce(this.#target, asked, stream), givenUp(limit)]),
    )
    stream.destroy()
    this.#stream = undefined
    if (this.#interruption.aborted && result.kind !== 'answer') return
    const endedMs = result.kind === 'answer' ? this.#lastByteMs : this.#clock()
    this.#exchanges.push({ asked, sentMs, endedMs, result })
    return result
  }

  /** Waits until the peer ends the connection, at most so long, or until the interruption. */
  async waitForEnd(maxMs: number): Promise<void> {
    const signal = AbortSignal.any([this.#interruption, this.#over.signal])
    await sleep(maxMs, undefined, { signal }).catch(() => undefined)
  }

  /**
   * Sends a request on a connection whose peer has sent its FIN. Where the peer has closed it
   * altogether, its kernel answers by a reset, which only a later write can see. The later writes
   * are empty lines, which a server that still reads must pass over (RFC 9112 §2.2).
   */
  async sendLate(): Promise<LateRequest> {
    const { method, path, headers } = this.#target
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    for (let write = 0; write < LATE_WRITES && !this.#hasFailed; write++) {
      await sleep(LATE_WRITE_GAP_MS)
      if (!this.#socket.destroyed) this.#socket.write('\r\n')
    }
    return this.#hasFailed ? 'reset' : 'ignored'
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(bytes: Uint8Array): void {
    this.#lastByteMs = this.#clock()
    if (this.#stream === undefined) this.#strayBytes += bytes.length
    else this.#stream.push(bytes)
  }

  #end(how: Ending['how'], error: NodeJS.ErrnoException | null): void {
    this.#hasFailed ||= error !== null
    // Events after the first end, such as the reset that answers a late request, are no second end.
    if (this.#ending !== null) return
    this.#ending = { how, atMs: this.#clock() }
    this.#over.abort()
    if (error === null) this.#stream?.push(null)
    else this.#stream?.destroy(error)
  }

  /** Replaces Node's reason for a missing answer by the connection's own, which is more precise. */
  #tell(result: Answer | NoAnswer): Answer | NoAnswer {
    if (result.kind !== 'fin' && result.kind !== 'silent') return result
    return { kind: this.#ending?.how ?? 'silent', code: result.code }
  }
}

/** Result of a request when its time is over. */
function givenUp(limit: AbortSignal): Promise<NoAnswer> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ kind: 'silent', code: null })
    if (limit.aborted) end()
    else limit.addEventListener('abort', end, { once: true })
  })
}
