const MS_PER_SECOND = 1000

/** Time as people read it: `0.4 ms`, `250 ms`, `3.00 s`. */
export function formatSpan(ms: number): string {
  if (ms >= MS_PER_SECOND) return `${(ms / MS_PER_SECOND).toFixed(2)} s`
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
}
