import type { Target } from '../target.ts'
import { ConnectionSource } from './connection-source.ts'
import { askToClose, type CountPlan, countTwice, secondCountOf } from './count-requests.ts'
import { idleWaits, MAX_IDLE_CONNECTIONS } from './idle-waits.ts'
import type { Addresses } from './look-up.ts'
import type { Observations } from './observation.ts'
import { unanswered } from './probe-failure.ts'

/** Limits of what is asked of the server. */
export interface ProbePlan {
  readonly maxWaitMs: number
  readonly maxRequests: number
  readonly requestsPerSecond: number
}

/** Server to ask, and how. */
export interface ProbeTask {
  readonly target: Target
  /** Addresses to try. */
  readonly addresses: Addresses
  readonly plan: ProbePlan
}

/** Most connections that a probe opens: idle ones, two to count, one to close, one for ALPN. */
export const MAX_CONNECTIONS: number = MAX_IDLE_CONNECTIONS + 4

/** Most requests that a probe makes: counted on two connections, and two on each other one. */
export const maxRequestsOf = (counted: number): number =>
  counted + secondCountOf(counted) + 2 * MAX_CONNECTIONS

/**
 * Asks one server for its keepalive behaviour, over a few connections of its own, all of them to the
 * first of the addresses that takes one. An interruption ends the waiting; what was seen until then
 * is returned.
 *
 * @throws ProbeFailure where the first request gets no answer
 * @throws AbortError where the interruption comes before it
 */
export async function runProbe(
  { target, addresses, plan }: ProbeTask,
  onCount: (requests: number) => void,
  interruption: AbortSignal,
): Promise<Observations> {
  const { maxWaitMs, maxRequests, requestsPerSecond } = plan
  const source = new ConnectionSource(target, addresses, interruption)
  try {
    const first = await source.openFirst()
    const greeting = await first.exchange('keep-alive')
    interruption.throwIfAborted()
    if (greeting?.kind !== 'answer') throw unanswered(target, greeting)
    const alwaysAsks = greeting.httpVersion === '1.0'
    const [idle, requests] = await Promise.all([
      idleWaits(source, first, maxWaitMs),
      askWhileWaiting(source, { maxRequests, requestsPerSecond, alwaysAsks, onCount }),
    ])
    return {
      address: source.address,
      ...idle,
      ...requests,
      tls: await source.observeTls(),
      refusals: [...new Set(source.refusals)],
      interrupted: interruption.aborted,
    }
  } finally {
    source.closeAll()
  }
}

async function askWhileWaiting(
  source: ConnectionSource,
  plan: CountPlan,
): Promise<Pick<Observations, 'counted' | 'closing'>> {
  const counted = await countTwice(source, plan)
  return { counted, closing: (await askToClose(source)) ?? null }
}
