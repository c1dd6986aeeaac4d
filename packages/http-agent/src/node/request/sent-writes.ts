import type { PendingWrite, WriteCallback } from '../internals/pending-writes.ts'

/** The most bytes that are kept of a body that is still being produced. */
const MAX_STREAMED_LENGTH = 65_536

/** The handler of failed writes. */
interface RequestSaver {
  /** Handles a failed write. Returns whether the request goes on without hearing of it. */
  readonly save: (error: Error) => boolean
}

const NO_DATA = ''

/**
 * The writes of a request to a reused socket, kept until the first byte of the response, so that
 * they can be written again. Callbacks of writes pass through here, and do not hear of a failure
 * after which the request goes on. One object serves all requests of a socket in turn, so that a
 * reuse allocates nothing for it.
 */
export class SentWrites {
  readonly #saver: RequestSaver
  #isReplayable = false
  /** Whether the request was complete, and in memory already, before its first write. */
  #isBuffered = false
  /** Nearly every request is written at once; its one write needs no list. */
  #count = 0
  #data: PendingWrite['data'] = NO_DATA
  #encoding: PendingWrite['encoding'] = undefined
  #callback: PendingWrite['callback'] = undefined
  #others: PendingWrite[] | undefined = undefined
  #length = 0
  /** Number of writes whose callback has not been called yet. */
  #unsettled = 0
  #isDispatched = false
  #isRefused = false
  #isForgotten = false
  #isTaken = false
  #isKeptBack = false
  readonly #settleFirst: WriteCallback = (error) => {
    const callback = this.#callback
    if (!this.#isSettledWith(error)) return
    this.#callback = undefined
    callback?.(error)
  }

  constructor(saver: RequestSaver) {
    this.#saver = saver
  }

  /**
   * Whether all writes of earlier requests are answered, so that none can be confused with the
   * next.
   */
  get isReusable(): boolean {
    return this.#unsettled === 0 && !this.#isTaken
  }

  /**
   * Begins the log of another request.
   *
   * @param isReplayable Whether the request may be sent again although it may have arrived.
   * @param isKeptBack Whether its writes stay in the stream for now; see {@link letGo}.
   */
  begin(isBuffered: boolean, isReplayable: boolean, isKeptBack = false): this {
    this.#isBuffered = isBuffered
    this.#isKeptBack = isKeptBack
    this.#isReplayable = isReplayable
    this.#count = 0
    this.#length = 0
    this.#isDispatched = false
    this.#isRefused = false
    this.#isForgotten = false
    return this
  }

  /** Drops the writes: the request will not be sent again. */
  forget(): void {
    this.#isForgotten = true
    this.#data = NO_DATA
    this.#others = undefined
  }

  /**
   * Whether all writes are kept, and the request may be sent again although it may have arrived.
   */
  get isKept(): boolean {
    return this.#isReplayable && !this.#isForgotten
  }

  /** Whether the system certainly took none of the writes. */
  get isRefused(): boolean {
    return this.#isRefused && !this.#isForgotten
  }

  /** @returns The callback to write with. */
  remember(
    data: PendingWrite['data'],
    encoding: PendingWrite['encoding'],
    callback: PendingWrite['callback'],
  ): WriteCallback | undefined {
    this.#count += 1
    if (callback) this.#unsettled += 1
    const settle =
      this.#count === 1
        ? this.#rememberFirst(data, encoding, callback)
        : this.#rememberOther({ data, encoding, callback })
    this.#length += data.length
    this.#forgetLong()
    return callback ? settle : undefined
  }

  /** Records that the writes that were kept back are about to go to the system. */
  letGo(): void {
    this.#isKeptBack = false
    this.#forgetLong()
  }

  /**
   * Records that the writes have gone to the system. If the system refused one, the stream has
   * failed by then.
   */
  dispatched(hasFailed: boolean): void {
    if (this.#isDispatched) return
    this.#isDispatched = true
    this.#isRefused = hasFailed
  }

  /** Takes the writes, for another socket. Their callbacks are not called by this one any more. */
  take(): PendingWrite[] {
    this.#isTaken = true
    const first = { data: this.#data, encoding: this.#encoding, callback: this.#callback }
    return this.#count === 0 ? [] : [first, ...(this.#others ?? [])]
  }

  /**
   * Drops long writes. Those that are kept back are in memory already, and go to another socket
   * whole or not at all.
   */
  #forgetLong(): void {
    if (this.#isBuffered || this.#isKeptBack) return
    if (this.#length > MAX_STREAMED_LENGTH) this.forget()
  }

  #rememberFirst(
    data: PendingWrite['data'],
    encoding: PendingWrite['encoding'],
    callback: PendingWrite['callback'],
  ): WriteCallback {
    this.#data = data
    this.#encoding = encoding
    this.#callback = callback
    return this.#settleFirst
  }

  #rememberOther(write: PendingWrite): WriteCallback {
    if (!this.#isForgotten) {
      this.#others ??= []
      this.#others.push(write)
    }
    return (error) => {
      const { callback } = write
      if (!this.#isSettledWith(error)) return
      write.callback = undefined
      callback?.(error)
    }
  }

  /** Records the answer to a write. Returns whether its callback is to be called, which is once. */
  #isSettledWith(error: Error | null | undefined): boolean {
    this.#unsettled -= 1
    if (this.#isTaken || (error && this.#saver.save(error))) return false
    if (!this.#isReplayable) this.forget()
    return true
  }
}
