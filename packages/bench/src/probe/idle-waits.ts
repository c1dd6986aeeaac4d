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
  const [longest, ...others] = await Promise.all(
    WAIT_SHARES.map(async (share, index) => {
      const connection = index === 0 ? first : await source.open()
      return connection && (await idleWait(source, connection, share * maxWaitMs))
    }),
  )
  const lateRequest = first.ending?.how === 'fin' ? await first.sendLate() : null
  return { idle: [longest, ...others].filter((wait) => wait !== undefined), lateRequest }
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
