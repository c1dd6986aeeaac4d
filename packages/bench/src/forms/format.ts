import type { PairedRatio } from '../statistics/paired-ratio.ts'

/** Sign for a figure that is not known. */
export const UNKNOWN = '-'

/** Count such as `12,345`. */
export function formatCount(value: number | null): string {
  return value === null ? UNKNOWN : Math.round(value).toLocaleString('en-US')
}

/** Microseconds with the precision that fits their size: `7.25 µs`, `172.1 µs`, `12.34 ms`. */
export function formatUs(us: number | null): string {
  if (us === null) return UNKNOWN
  if (us >= 1000) return `${(us / 1000).toFixed(2)} ms`
  return `${us.toFixed(us < 10 ? 2 : 1)} µs`
}

/** Ratio with its interval: `0.41x [0.39-0.43]`. */
export function formatRatio({ ratio, low, high }: PairedRatio): string {
  return `${factor(ratio)} ${formatInterval({ low, high })}`
}

/** Interval: `[0.39-0.43]`. */
export function formatInterval({ low, high }: Pick<PairedRatio, 'low' | 'high'>): string {
  return `[${low.toFixed(2)}-${high.toFixed(2)}]`
}

/** Ratio: `0.41x`. */
export function factor(ratio: number): string {
  return `${ratio.toFixed(2)}x`
}

/** Counts by code: `3 ECONNRESET, 1 ETIMEDOUT`, or `0`. */
export function formatErrors(errors: Readonly<Record<string, number>>): string {
  const parts = Object.entries(errors).map(([code, count]) => `${count} ${code}`)
  return parts.length === 0 ? '0' : parts.join(', ')
}

/** Milliseconds in the unit that fits their size: `0.5 ms`, `250 ms`, `4 s`, `5 min`. */
export function formatMs(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'never'
  const [size, unit] = [[60_000, 'min'] as const, [1000, 's'] as const, [1, 'ms'] as const].find(
    ([each]) => ms >= each,
  ) ?? [1, 'ms']
  return `${Number((ms / size).toPrecision(3))} ${unit}`
}

/** Share as `99.88 %`, with more digits near 0 and 1. */
export function formatPercent(share: number): string {
  const distance = Math.min(share, 1 - share)
  const digits = distance <= 0 ? 0 : Math.max(1, Math.ceil(-Math.log10(distance)))
  return `${(share * 100).toFixed(Math.min(4, digits))} %`
}

/** Bytes as `3.4 KiB`, `12 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power] ?? ''}`
}

/** Count that may be below one: `1,234`, `12.3`, `0.042`. */
export function formatAmount(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'no limit'
  return value >= 100 ? formatCount(value) : String(Number(value.toPrecision(3)))
}
