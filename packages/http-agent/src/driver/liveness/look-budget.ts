/**
 * Looks that a millisecond may have. One costs about 5 µs, because the answer that nothing has come is an
 * exception, so that these take 1 % of the time at the most.
 */
const LOOKS_A_MS = 2

let ofMs = -1
let lookCount = 0

/**
 * Whether there is time for one more look, which is then taken for made. All pools of the process share
 * what a millisecond has, as they share the event loop.
 */
export const mayLook = (nowMs: number): boolean => {
  if (nowMs !== ofMs) {
    ofMs = nowMs
    lookCount = 0
  }
  lookCount++
  return lookCount <= LOOKS_A_MS
}
