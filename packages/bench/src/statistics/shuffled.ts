import type { Random } from './seeded-random.ts'

/** Items in a random order, all orders equally likely (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result: T[] = []
  for (const [index, item] of items.entries()) {
    const position = Math.floor(random() * (index + 1))
    const displaced = result[position]
    if (displaced === undefined) result.push(item)
    else {
      result.push(displaced)
      result[position] = item
    }
  }
  return result
}
