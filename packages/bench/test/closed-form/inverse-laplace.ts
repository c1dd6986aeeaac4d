/** Even, and as many as double precision bears: the coefficients grow like 10^(terms / 2). */
const TERMS = 14

function factorial(count: number): number {
  return count < 2 ? 1 : count * factorial(count - 1)
}

/** The coefficient of the term `index`, counted from 1. */
function coefficientOf(index: number): number {
  const half = TERMS / 2
  let sum = 0
  for (let k = Math.floor((index + 1) / 2); k <= Math.min(index, half); k++) {
    sum +=
      (k ** half * factorial(2 * k)) /
      (factorial(half - k) *
        factorial(k) *
        factorial(k - 1) *
        factorial(index - k) *
        factorial(2 * k - index))
  }
  return (index + half) % 2 === 0 ? sum : -sum
}

const COEFFICIENTS: readonly number[] = Array.from({ length: TERMS }, (_, index) =>
  coefficientOf(index + 1),
)

/**
 * What is known of functions by their Laplace transforms, at one instant: `transformsAt(s)` gives
 * the transforms of all of them at a real `s > 0`, and the result their values at `time > 0`.
 *
 * Gaver and Stehfest's method, which suits smooth functions such as the chance that something has
 * not happened yet; about five digits.
 */
export function inverseLaplace(
  transformsAt: (s: number) => readonly number[],
  time: number,
): number[] {
  const step = Math.LN2 / time
  const values: number[] = []
  for (const [index, coefficient] of COEFFICIENTS.entries()) {
    for (const [position, transform] of transformsAt(step * (index + 1)).entries()) {
      values[position] = (values[position] ?? 0) + coefficient * transform * step
    }
  }
  return values
}
