import process from 'node:process'

/** The moves that have been warned of; bounded by the states and events that there are. */
const reported: Set<string> = new Set()

/**
 * Warns of a move that the state of a request does not allow, once for each such move. It is a mistake in
 * Holdfast's bookkeeping: the request goes on regardless.
 */
export const reportIllegalMove = ({ code, message }: Error & { readonly code: string }): void => {
  if (reported.has(message)) return
  reported.add(message)
  process.emitWarning(message, { type: 'HoldfastWarning', code })
}
