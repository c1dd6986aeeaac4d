import type { ConnectionRecord, Ending, IdleWait } from './observation.ts'

/** Time for which a connection was idle until its end, or until it was last looked at. */
export function idleMsOf({ exchanges, ending, watchedUntilMs }: ConnectionRecord): number {
  return (ending?.atMs ?? watchedUntilMs) - (exchanges.at(-1)?.endedMs ?? watchedUntilMs)
}

/** End of the connection; a FIN that came while it was being asked again counts, too. */
export const endingOf = ({ connection, askedAgain }: IdleWait): Ending['how'] | undefined =>
  connection.ending?.how ?? (askedAgain?.kind === 'fin' ? 'fin' : undefined)

/** Whether a request was lost on a connection that looked open. */
export const wasForgotten = (wait: IdleWait): boolean =>
  wait.askedAgain !== null && wait.askedAgain.kind !== 'answer' && endingOf(wait) === undefined
