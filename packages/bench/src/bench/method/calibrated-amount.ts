/** Upper bound of a slice's requests, which keeps time and memory finite on any machine. */
const MAX_AMOUNT = 1_000_000

/** Requests of the first slice: enough for a first rate, few enough for a slow machine. */
export function pilotAmount(connections: number): number {
  return Math.max(500, connections * 4)
}

/**
 * Requests that take about `sliceMs`, estimated from a slice. At least one for each connection of
 * the load generator.
 */
export function calibratedAmount(
  measured: { readonly completed: number; readonly elapsedMs: number },
  sliceMs: number,
  connections: number,
): number {
  if (measured.completed === 0) return connections
  const amount = Math.round((measured.completed / measured.elapsedMs) * sliceMs)
  return Math.min(MAX_AMOUNT, Math.max(connections, amount))
}
