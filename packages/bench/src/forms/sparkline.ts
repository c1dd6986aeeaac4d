/** Nothing is shown as nothing. */
const BARS = ' ▁▂▃▄▅▆▇█'

/**
 * The last values as bars.
 *
 * @param highest what the highest bar stands for; the highest value shown unless said
 */
export function sparkline(
  values: readonly number[],
  width: number,
  highest: number = Math.max(1, ...values.slice(-width)),
): string {
  const shown = values.slice(-width)
  return shown.map((value) => BARS[Math.ceil((value / highest) * (BARS.length - 1))]).join('')
}
