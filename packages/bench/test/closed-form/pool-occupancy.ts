import { inverseLaplace } from './inverse-laplace.ts'

/** Where the chance that more requests are in progress is no longer worth computing. */
const NEGLIGIBLE = 1e-10

/** What a pool that takes the newest idle connection first holds, in the long run. */
export interface PoolOccupancy {
  /** Connections opened per second because none was idle. */
  readonly opensPerSecond: number
  /** Open connections, in use or idle, on average. */
  readonly meanConnections: number
  readonly variance: number
  /** At most so many are open in 999 of 1000 instants. */
  readonly peakConnections: number
}

/** One stream of requests to one destination. */
export interface RequestStream {
  readonly requestsPerSecond: number
  /** How long a request has its connection, on average. */
  readonly holdMs: number
  /** An idle connection is closed after this long. */
  readonly idleTimeoutMs: number
  /** No more connections than this. */
  readonly maxConnections: number
}

/**
 * Requests that come at random (a Poisson process) and hold their connection for an exponentially
 * distributed time are a birth-death chain, whose state is the number in progress. Where the newest
 * idle connection is taken first, an idle one expires exactly when fewer than so many requests were
 * in progress for the idle timeout. So the pool holds, at any time, the maximum of the chain over
 * the past idle timeout, and a request opens a connection where it raises that maximum. As the
 * chain is reversible, the past maximum is distributed like the future one, and that one by the
 * times of first passage from n to n + 1, of which the Laplace transforms follow from one another:
 *
 *     f(n) = λ / (λ + s + nμ (1 − f(n − 1)))
 */
export function poolOccupancy(stream: RequestStream): PoolOccupancy {
  const { requestsPerSecond, holdMs, idleTimeoutMs, maxConnections } = stream
  const arrivalsPerMs = requestsPerSecond / 1000
  const endsPerMs = 1 / holdMs
  const inProgress = distributionOf(arrivalsPerMs * holdMs, maxConnections)
  const count = inProgress.length
  // For each n: no passage to n + 1 from n, and from whatever is in progress, within the timeout.
  const unpassed = inverseLaplace((s) => {
    const transforms = new Array<number>(2 * count)
    let passage = 0
    let passageFromBelow = 0
    let below = 0
    for (const [n, share] of inProgress.entries()) {
      passage = arrivalsPerMs / (arrivalsPerMs + s + n * endsPerMs * (1 - passage))
      passageFromBelow = passage * (passageFromBelow + share)
      below += share
      transforms[n] = (1 - passage) / s
      transforms[count + n] = (below - passageFromBelow) / s
    }
    return transforms
  }, idleTimeoutMs)
  const openShare = inProgress.reduce(
    (sum, share, n) => sum + (n < maxConnections ? share * within01(unpassed[n]) : 0),
    0,
  )
  return {
    opensPerSecond: requestsPerSecond * openShare,
    ...momentsOf(unpassed.slice(count)),
  }
}

/** Poisson, up to where it no longer matters, or up to the cap and cut off there. */
function distributionOf(mean: number, maxConnections: number): number[] {
  const shares: number[] = []
  let total = 0
  let logShare = -mean
  for (let n = 0; n <= maxConnections; n++) {
    const share = Math.exp(logShare)
    shares.push(share)
    total += share
    if (n > mean && share < NEGLIGIBLE) break
    logShare += Math.log(mean / (n + 1))
  }
  return shares.map((share) => share / total)
}

/** What follows from the chance, for each n, that no more than n are open. */
function momentsOf(
  atMost: readonly number[],
): Pick<PoolOccupancy, 'meanConnections' | 'variance' | 'peakConnections'> {
  let mean = 0
  let square = 0
  let peak = atMost.length - 1
  let highest = 0
  for (const [n, chance] of atMost.entries()) {
    // The inversion may err in the fifth digit; a distribution never falls.
    highest = n === atMost.length - 1 ? 1 : Math.max(highest, within01(chance))
    mean += 1 - highest
    square += (2 * n + 1) * (1 - highest)
    if (highest >= 0.999) peak = Math.min(peak, n)
  }
  return { meanConnections: mean, variance: Math.max(0, square - mean ** 2), peakConnections: peak }
}

function within01(chance: number | undefined): number {
  return Math.min(1, Math.max(0, chance ?? 0))
}
