/**
 * Whether an order is the one that the table names: `*` at the end of an entry stands for the rest of
 * one, `…` for any number of them.
 */
export const namesEntries = (said: readonly string[], entries: readonly string[]): boolean => {
  const [first, ...rest] = said
  if (first === undefined) return entries.length === 0
  if (first === '…') {
    return (
      entries.some((_, index) => namesEntries(rest, entries.slice(index))) || namesEntries(rest, [])
    )
  }
  const [entry, ...others] = entries
  if (entry === undefined) return false
  const isNamed = first.endsWith('*') ? entry.startsWith(first.slice(0, -1)) : entry === first
  return isNamed && namesEntries(rest, others)
}
