/** Position of a value on an axis. */
export type Scale = (value: number) => number

type Span = readonly [from: number, to: number]

/** Scale on which equal differences are equally far apart. */
export function linearScale([low, high]: Span, [start, end]: Span): Scale {
  const length = high - low || 1
  return (value) => start + ((value - low) / length) * (end - start)
}

/** Scale on which equal ratios are equally far apart. Both ends of the domain are above 0. */
export function logScale([low, high]: Span, range: Span): Scale {
  const scale = linearScale([Math.log(low), Math.log(high)], range)
  return (value) => scale(Math.log(value))
}

/** Round values from 0 to at least `highest`, about `count` of them after the 0. */
export function roundTicks(highest: number, count: number): number[] {
  if (highest <= 0) return [0, 1]
  const rough = highest / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, index) => index * step)
}

/**
 * 1, 2 and 5 times the powers of ten from `low` to `high`, or the powers alone where these are too
 * many.
 */
export function logTicks([low, high]: Span): number[] {
  const first = Math.floor(Math.log10(low))
  const last = Math.ceil(Math.log10(high))
  const powers = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index))
  const factors = last - first > 3 ? [1] : [1, 2, 5]
  return powers
    .flatMap((power) => factors.map((each) => Number((each * power).toPrecision(3))))
    .filter((tick) => tick >= low * 0.999 && tick <= high * 1.001)
}
