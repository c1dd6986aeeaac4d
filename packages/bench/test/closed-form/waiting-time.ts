/** How long requests wait where connections are capped. */
export interface WaitingTime {
  /** The share of requests that find every connection in use. */
  readonly waitShare: number
  /** Over all requests. */
  readonly meanWaitMs: number
  /** At most so long, for 99 of 100 requests. */
  readonly p99WaitMs: number
}

/**
 * Erlang's C formula: requests that come at random, `inProgress` of them at a time on average, for
 * `connections` connections. Undefined where they come faster than they can be served, and so wait
 * longer and longer.
 */
export function waitingTime(
  inProgress: number,
  connections: number,
  holdMs: number,
): WaitingTime | undefined {
  if (connections === Number.POSITIVE_INFINITY) return { waitShare: 0, meanWaitMs: 0, p99WaitMs: 0 }
  if (inProgress >= connections) return undefined
  // Erlang's B, the share that would be turned away, by its recursion.
  let blocked = 1
  for (let count = 1; count <= connections; count++) {
    blocked = (inProgress * blocked) / (count + inProgress * blocked)
  }
  const waitShare = blocked / (1 - (inProgress / connections) * (1 - blocked))
  const drainMs = holdMs / (connections - inProgress)
  return {
    waitShare,
    meanWaitMs: waitShare * drainMs,
    p99WaitMs: Math.max(0, Math.log(waitShare / 0.01) * drainMs),
  }
}
