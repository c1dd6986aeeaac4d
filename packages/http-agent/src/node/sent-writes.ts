import type { PendingWrite, WriteCallback } from './node-internals.ts'

/** Of a body that is still being produced, no more is kept in memory than this. */
const MAX_STREAMED_LENGTH = 65_536

/** Who is asked when a write fails. */
interface RequestSaver {
  /** Spares the request the failure, where that can be done, and says whether it has. */
  readonly save: (error: Error) => boolean
}

/**
 * What a request has written to a reused socket, kept until the first byte of the response, so that
 * it can be written again. Callbacks of writes pass through here, and do not hear of a failure that
 * the request is spared.
 */
export class SentWrites {
  readonly #isReplayable: boolean
  /** Whether the request was complete, and in memory anyhow, before its first write. */
  readonly #isBuffered: boolean
  readonly #saver: RequestSaver
  /** Nearly every request is written at once; its one write needs no list. */
  #first: PendingWrite | undefined = undefined
  #others: PendingWrite[] | undefined = undefined
  #length = 0
  #isDispatched = false
  #isRefused = false
  #isForgotten = false
  #isTaken = false

  /** @param isReplayable Whether the request may be sent again although it may have arrived. */
  constructor(isBuffered: boolean, isReplayable: boolean, saver: RequestSaver) {
    this.#isBuffered = isBuffered
    this.#isReplayable = isReplayable
    this.#saver = saver
  }

  /** Whether the request may be sent again, as far as its writes are concerned. */
  canRepeat(isComplete: boolean): boolean {
    if (this.#isForgotten) return false
    return this.#isRefused || (this.#isReplayable && isComplete)
  }

  /** Whether the system took none of it for certain. */
  get isRefused(): boolean {
    return this.#isRefused
  }

  /** @returns The callback to write with. */
  remember(
    data: PendingWrite['data'],
    encoding: PendingWrite['encoding'],
    callback: PendingWrite['callback'],
  ): WriteCallback | undefined {
    const write: PendingWrite = { data, encoding, callback }
    if (!this.#isForgotten) this.#keep(write)
    return callback ? (error) => this.#settle(write, error) : undefined
  }

  /**
   * What was written has been passed on to the system: the stream of a socket whose write the system
   * refused has failed by then.
   */
  dispatched(hasFailed: boolean): void {
    if (this.#isDispatched) return
    this.#isDispatched = true
    this.#isRefused = hasFailed
  }

  /** Gives back what was written, for another socket. Nobody hears of these writes any more. */
  take(): PendingWrite[] {
    this.#isTaken = true
    return this.#first === undefined ? [] : [this.#first, ...(this.#others ?? [])]
  }

  #keep(write: PendingWrite): void {
    if (this.#first === undefined) this.#first = write
    else if (this.#others === undefined) this.#others = [write]
    else this.#others.push(write)
    this.#length += write.data.length
    if (!this.#isBuffered && this.#length > MAX_STREAMED_LENGTH) this.#forget()
  }

  /** The request is not going to be sent again: nothing needs to be kept. */
  #forget(): void {
    this.#isForgotten = true
    this.#first = undefined
    this.#others = undefined
  }

  #settle(write: PendingWrite, error: Error | null | undefined): void {
    if (this.#isTaken || (error && this.#saver.save(error))) return
    const { callback } = write
    // Called once, whatever becomes of the request.
    write.callback = undefined
    if (!this.#isReplayable) this.#forget()
    callback?.(error)
  }
}
