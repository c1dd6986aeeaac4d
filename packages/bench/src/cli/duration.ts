const DURATION = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)$/u

const MS_PER_UNIT = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** Unit of a bare number; the name of the option ends in it. */
export type BareUnit = 'ms' | 's'

/** Milliseconds of a time such as `250ms`, `80s`, `5m` or `1h`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const { amount, unit } = DURATION.exec(text)?.groups ?? {}
  return amount === undefined ? undefined : inMs(Number(amount), unit as keyof typeof MS_PER_UNIT)
}

/** Converts an amount of a unit to milliseconds. */
export function inMs(amount: number, unit: keyof typeof MS_PER_UNIT): number {
  return amount * MS_PER_UNIT[unit]
}

/** Converts milliseconds to a unit. */
export function fromMs(ms: number, unit: BareUnit): number {
  return ms / MS_PER_UNIT[unit]
}

/** Text of a time in the largest unit that gives a whole number: `250ms`, `80s`, `5m`. */
export function formatDuration(ms: number): string {
  const [unit, size] = Object.entries(MS_PER_UNIT).findLast(
    ([, each]) => ms >= each && ms % each === 0,
  ) ?? ['ms', 1]
  return `${ms / size}${unit}`
}
