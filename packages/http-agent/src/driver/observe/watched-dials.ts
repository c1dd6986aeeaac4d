import { type DialPhases, UNSEEN_PHASES } from './dial-watch.ts'

interface WatchedDial {
  readonly connectionId: number
  readonly phases: DialPhases
}

/** The last dial of each request whose phases somebody wanted to hear of. */
const dials: WeakMap<object, WatchedDial> = new WeakMap()

export const rememberDial = (request: object, dial: WatchedDial): void => {
  dials.set(request, dial)
}

/** The phases of the dial of the connection, if the request was the first to get that. */
export const dialPhasesOf = (request: object, connectionId: number | undefined): DialPhases => {
  const dial = dials.get(request)
  return dial !== undefined && dial.connectionId === connectionId ? dial.phases : UNSEEN_PHASES
}
