/** Keeps a slice, and the memory it needs, finite on any machine. */
const MAX_AMOUNT = 1_000_000

/** Requests of the very first slice: enough for a first rate, few enough for a slow machine. */
export function pilotAmount(connections: number): number {
  return Math.max(500, connections * 4)
}

/**
 * How many requests take about `sliceMs`, given how long some of them took. At least one per
 * connection, since every connection of the load generator must have something to do.
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
