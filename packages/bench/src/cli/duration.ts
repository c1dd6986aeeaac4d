const DURATION = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)$/u

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** The unit of a number that says none; it stands in the name of what is set. */
export type BareUnit = 'ms' | 's'

/** A time such as `250ms`, `80s`, `5m` or `1h` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const { amount, unit = '' } = DURATION.exec(text)?.groups ?? {}
  const size = MS_PER_UNIT[unit]
  return size === undefined ? undefined : Number(amount) * size
}

/** A time with its unit as a number of the unit that is wanted; undefined for anything else. */
export function durationIn(unit: BareUnit, text: string): number | undefined {
  const ms = parseDuration(text)
  return ms === undefined ? undefined : ms / (MS_PER_UNIT[unit] ?? 1)
}

/** In the largest unit that gives a whole number: `250ms`, `80s`, `5m`. */
export function formatDuration(ms: number): string {
  const [unit, size] = Object.entries(MS_PER_UNIT).findLast(
    ([, each]) => ms >= each && ms % each === 0,
  ) ?? ['ms', 1]
  return `${ms / size}${unit}`
}
