import { Duplex } from 'node:stream'

/**
 * Stream that Node's client takes for the socket during one exchange. Node parses, ends and
 * destroys it; the connection beneath stays open, so that its fate is seen where Node would hide
 * it.
 */
export class ExchangeStream extends Duplex {
  readonly #send: (bytes: Uint8Array) => void

  constructor(send: (bytes: Uint8Array) => void) {
    super()
    this.#send = send
  }

  override _read(): void {
    // Bytes are pushed as they come.
  }

  override _write(bytes: Uint8Array, _encoding: string, done: () => void): void {
    this.#send(bytes)
    done()
  }
}
