import { type SocketObservation, TCP_VIEWS, type TimeWaitHolder } from './tcp-views.ts'

/**
 * Finds the side that TIME_WAIT is on after an open connection was seen to end by these
 * observations, in their order. Of several possible outcomes it is the usual one.
 */
export const timeWaitHolderAfter = (
  ...endings: readonly SocketObservation[]
): TimeWaitHolder | 'unknown' => {
  let view = TCP_VIEWS.open
  for (const ending of endings) {
    const next = view.next[ending]
    if (next !== undefined) view = TCP_VIEWS[next]
  }
  return view.timeWaitHolder
}
