/** Generator of numbers in [0, 1). */
export type Random = () => number

/**
 * Generator (mulberry32) that gives the same numbers for the same seed everywhere, so that a run
 * can be repeated in its order.
 *
 * @param seed whole number from 0 to 2^32 - 1
 */
export function seededRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) % 2 ** 32
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
