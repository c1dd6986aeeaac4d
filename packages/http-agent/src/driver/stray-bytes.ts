const LINE_FEED = 10
const CARRIAGE_RETURN = 13

export const isLineBreak = (byte: number | undefined): boolean =>
  byte === CARRIAGE_RETURN || byte === LINE_FEED

/** Whether the bytes are what a peer may send though nothing is asked of it (RFC 9112 §2.2). */
export const isEmptyLine = (bytes: Uint8Array): boolean => bytes.every(isLineBreak)
