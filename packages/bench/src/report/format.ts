import type { PairedRatio } from '../method/paired-ratio.ts'
import type { ErrorCounts } from '../workloads/error-tally.ts'

/** Stands for a figure that is not known. */
export const UNKNOWN = '-'

/** `12,345`. */
export function formatCount(value: number | null): string {
  return value === null ? UNKNOWN : Math.round(value).toLocaleString('en-US')
}

/** Microseconds with the precision that fits their size: `7.25 µs`, `172.1 µs`, `12.34 ms`. */
export function formatUs(us: number | null): string {
  if (us === null) return UNKNOWN
  if (us >= 1000) return `${(us / 1000).toFixed(2)} ms`
  return `${us.toFixed(us < 10 ? 2 : 1)} µs`
}

/** `0.41x [0.39-0.43]`. */
export function formatRatio({ ratio, low, high }: PairedRatio): string {
  return `${factor(ratio)} ${formatInterval({ low, high })}`
}

/** `[0.39-0.43]`. */
export function formatInterval({ low, high }: Pick<PairedRatio, 'low' | 'high'>): string {
  return `[${low.toFixed(2)}-${high.toFixed(2)}]`
}

/** `0.41x`. */
export function factor(ratio: number): string {
  return `${ratio.toFixed(2)}x`
}

/** `3 ECONNRESET, 1 ETIMEDOUT`, or `0`. */
export function formatErrors(errors: ErrorCounts): string {
  const parts = Object.entries(errors).map(([code, count]) => `${count} ${code}`)
  return parts.length === 0 ? '0' : parts.join(', ')
}
