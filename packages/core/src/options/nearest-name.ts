/** The greatest length of a name that is compared: no option is so long. */
const MAX_LENGTH = 64

/** The most slips that still count as a misspelling; a third of the letters where that is less. */
const MAX_SLIPS = 3

/** Counts the letters to add, leave out or exchange to turn one name into the other. */
const slipsBetween = (one: string, other: string): number => {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const exchanged = (above[column - 1] as number) + (isSame ? 0 : 1)
      const added = (above[column] as number) + 1
      const leftOut = (current[column - 1] as number) + 1
      current.push(Math.min(exchanged, added, leftOut))
    }
    above = current
  }
  return above[other.length] as number
}

/** Finds the known name that is closest to a misspelt one; `undefined` where none is close. */
export const nearestName = (name: string, names: Iterable<string>): string | undefined => {
  if (name.length > MAX_LENGTH) return undefined
  const spelt = name.toLowerCase()
  let nearest: string | undefined
  let fewest = Math.min(MAX_SLIPS, Math.floor(name.length / 3)) + 1
  for (const known of names) {
    const slips = slipsBetween(spelt, known.toLowerCase())
    if (slips >= fewest) continue
    fewest = slips
    nearest = known
  }
  return nearest
}
