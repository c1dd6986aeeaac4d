import type { Socket } from 'node:net'

export interface StreamWithState extends Socket {
  /**
   * The state of the writable side, with its high-water mark.
   *
   * @why Node's agent sets it, so that a reused socket applies back-pressure as the request at hand asks for.
   * @instead `socket.writableHighWaterMark` that can be set.
   */
  readonly _writableState?: { highWaterMark: number }
}

/** Lets a reused socket apply back-pressure as the request at hand asks for. */
export const adoptHighWaterMark = (socket: Socket, highWaterMark: number): void => {
  const { _writableState: state } = socket as unknown as StreamWithState
  if (state !== undefined) state.highWaterMark = highWaterMark
}
