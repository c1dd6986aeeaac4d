import type { AgentRequest } from './agent-request.ts'

export type WriteCallback = (error?: Error | null) => void

/** A write, as a request keeps it while it has no socket. */
export interface PendingWrite {
  data: string | Uint8Array
  readonly encoding: BufferEncoding | null | undefined
  callback: WriteCallback | null | undefined
}

/** A request with what it has written before it had a socket. */
export interface BufferingRequest extends AgentRequest {
  /**
   * What was written before there was a socket; the head stands before the first of it.
   *
   * @why A head in it can still be changed; a request that is sent again finds in it what it wrote.
   * @instead A way to send a request again, body included, as long as it is in memory.
   */
  outputData: PendingWrite[]
  /**
   * The length of that, as `writableLength` counts it.
   *
   * @why It has to agree with `outputData`.
   * @instead The same as for `outputData`.
   */
  outputSize: number
}
