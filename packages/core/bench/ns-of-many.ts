/** Enough for the engine to have compiled what is measured. */
const STEPS = 400_000

/**
 * The cost of each of `size` steps that are done together, where they cannot be done again: as often
 * anew as it takes to be warm, of which the second half counts.
 *
 * @param once Does them, and says how many nanoseconds they took.
 */
export const nsOfMany = (size: number, once: () => number): number => {
  const runs = Math.max(1, Math.ceil(STEPS / size))
  let totalNs = 0
  let counted = 0
  for (let run = 0; run < runs; run++) {
    const tookNs = once()
    if (run >= Math.floor(runs / 2)) {
      totalNs += tookNs
      counted++
    }
  }
  return totalNs / counted / size
}
