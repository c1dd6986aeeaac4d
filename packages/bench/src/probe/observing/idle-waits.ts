import type { ConnectionSource } from './connection-source.ts'
import type { IdleWait, LateRequest } from './observation.ts'
import type { ProbedConnection } from './probed-connection.ts'

/** Shares of the longest wait: where connections are lost silently, they tell after how long. */
export const WAIT_SHARES: readonly number[] = [1, 0.5, 0.25]

export interface IdleObservations {
  readonly idle: readonly IdleWait[]
  readonly lateRequest: LateRequest | null
}

/**
 * Leaves connections idle until their peer ends them, at most for shares of the given time; then
 * asks again on those that are still open. All wait at once.
 *
 * @param first A connection that has had its first answer.
 */
export async function idleWaits(
  source: ConnectionSource,
  first: ProbedConnection,
  maxWaitMs: number,
): Promise<IdleObservations> {
  const waits = WAIT_SHARES.map((share) => share * maxWaitMs)
  const [longest, ...others] = await Promise.all(
    waits.map(async (waitMs, index) => {
      if (index === 0) return await firstWait(source, first, waitMs)
      const connection = await source.open()
      return connection && { wait: await idleWait(source, connection, waitMs), late: null }
    }),
  )
  const idle = [longest, ...others].map((each) => each?.wait).filter((wait) => wait !== undefined)
  return { idle, lateRequest: longest?.late ?? null }
}

/** A server that lingers after its FIN does not do so for long: the late request follows at once. */
async function firstWait(
  source: ConnectionSource,
  first: ProbedConnection,
  waitMs: number,
): Promise<{ wait: IdleWait | undefined; late: LateRequest | null }> {
  const wait = await idleWait(source, first, waitMs)
  const late = first.ending?.how === 'fin' && wait?.askedAgain === null
  return { wait, late: late ? await first.sendLate() : null }
}

async function idleWait(
  { interruption, refusals }: ConnectionSource,
  connection: ProbedConnection,
  waitMs: number,
): Promise<IdleWait | undefined> {
  if (connection.record.exchanges.length === 0) {
    const greeting = await connection.exchange('keep-alive')
    if (greeting?.kind !== 'answer') {
      if (greeting !== undefined) refusals.push('a further connection got no answer')
      return
    }
  }
  await connection.waitForEnd(waitMs)
  const { record } = connection
  const isOpen = !(connection.hasEnded || interruption.aborted)
  const askedAgain = isOpen ? ((await connection.exchange('keep-alive')) ?? null) : null
  return { connection: record, askedAgain }
}
