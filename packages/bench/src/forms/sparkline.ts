/** Nothing is shown as nothing. */
const BARS = ' ▁▂▃▄▅▆▇█'

/** The last values as bars, the highest of them as the highest bar. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width)
  const highest = Math.max(1, ...shown)
  return shown.map((value) => BARS[Math.ceil((value / highest) * (BARS.length - 1))]).join('')
}
