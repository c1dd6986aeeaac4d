/** Bars from nothing to full; a value of 0 shows as a blank. */
const BARS = ' ▁▂▃▄▅▆▇█'

/**
 * Last values as bars.
 *
 * @param highest value of the highest bar; the highest value shown unless said
 */
export function sparkline(
  values: readonly number[],
  width: number,
  highest: number = Math.max(1, ...values.slice(-width)),
): string {
  const shown = values.slice(-width)
  return shown.map((value) => BARS[Math.ceil((value / highest) * (BARS.length - 1))]).join('')
}
