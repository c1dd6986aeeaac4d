/** Share of letters in which a misspelt name may differ from the name that was meant. */
const MOST_DIFFERENT = 0.4

/** Suggestion `; did you mean X?` of the nearest known name; empty without one. */
export function didYouMean(given: string, known: Iterable<string>): string {
  const name = nearest(given, known)
  return name === undefined ? '' : `; did you mean ${name}?`
}

function nearest(given: string, known: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase()
  const ranked = Array.from(known, (name) => ({
    name,
    edits: editsBetween(wanted, name.toLowerCase()),
  }))
    .filter(({ name, edits }) => edits <= MOST_DIFFERENT * Math.max(name.length, wanted.length))
    .toSorted((a, b) => a.edits - b.edits)
  return ranked[0]?.name
}

/** Letters to add, omit, replace or swap with their neighbour (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        (current[column - 1] ?? 0) + 1,
        (last[column] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = current
  }
  return last[b.length] ?? 0
}
