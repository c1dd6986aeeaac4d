import type { PendingWrite, WriteCallback } from '../internals/pending-writes.ts'

/** Of a body that is still being produced, no more is kept in memory than this. */
const MAX_STREAMED_LENGTH = 65_536

/** Who is asked when a write fails. */
interface RequestSaver {
  /** Spares the request the failure, where that can be done, and says whether it has. */
  readonly save: (error: Error) => boolean
}

const NO_DATA = ''

/**
 * What a request has written to a reused socket, kept until the first byte of the response, so that
 * it can be written again. Callbacks of writes pass through here, and do not hear of a failure that
 * the request is spared. One serves the requests of a socket in turn, so that a reuse allocates
 * nothing for it.
 */
export class SentWrites {
  readonly #saver: RequestSaver
  #isReplayable = false
  /** Whether the request was complete, and in memory anyhow, before its first write. */
  #isBuffered = false
  /** Nearly every request is written at once; its one write needs no list. */
  #count = 0
  #data: PendingWrite['data'] = NO_DATA
  #encoding: PendingWrite['encoding'] = undefined
  #callback: PendingWrite['callback'] = undefined
  #others: PendingWrite[] | undefined = undefined
  #length = 0
  /** How many writes have not been answered yet. */
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

  /** Whether no write of an earlier request can be taken for one of the next. */
  get isReusable(): boolean {
    return this.#unsettled === 0 && !this.#isTaken
  }

  /**
   * Another request begins to write.
   *
   * @param isReplayable Whether the request may be sent again although it may have arrived.
   * @param isKeptBack Whether what it writes stays in the stream for now; see {@link letGo}.
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

  /** The request is not going to be sent again: nothing needs to be kept. */
  forget(): void {
    this.#isForgotten = true
    this.#data = NO_DATA
    this.#others = undefined
  }

  /** Whether all that was written can be written again, and may be although it may have arrived. */
  get isKept(): boolean {
    return this.#isReplayable && !this.#isForgotten
  }

  /** Whether the system took none of it for certain. */
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

  /** What was kept back is about to be passed on to the system. */
  letGo(): void {
    this.#isKeptBack = false
    this.#forgetLong()
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
    const first = { data: this.#data, encoding: this.#encoding, callback: this.#callback }
    return this.#count === 0 ? [] : [first, ...(this.#others ?? [])]
  }

  /** What is kept back is in memory anyhow, and goes to another socket whole or not at all. */
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

  /** A write has been answered; says whether its request is to hear of that, which it does once. */
  #isSettledWith(error: Error | null | undefined): boolean {
    this.#unsettled -= 1
    if (this.#isTaken || (error && this.#saver.save(error))) return false
    if (!this.#isReplayable) this.forget()
    return true
  }
}
