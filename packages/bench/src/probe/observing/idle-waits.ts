import type { ConnectionSource } from './connection-source.ts'
import { idleMsOf, wasForgotten } from './idle-wait.ts'
import type { IdleWait, LateRequest } from './observation.ts'
import type { ProbedConnection } from './probed-connection.ts'

/**
 * Shares of the longest wait; together they narrow a limit after which connections are lost
 * silently.
 */
export const WAIT_SHARES: readonly number[] = [1, 0.5, 0.25]

/** Rounds of closing in on a silent limit; each leaves a quarter of the uncertainty. */
const CLOSER_ROUNDS = 3
const CLOSER_SHARES: readonly number[] = [0.25, 0.5, 0.75]
const CLOSE_ENOUGH = 0.1

/** Most connections that are left idle. */
export const MAX_IDLE_CONNECTIONS: number =
  WAIT_SHARES.length + CLOSER_ROUNDS * CLOSER_SHARES.length

export interface IdleObservations {
  readonly idle: readonly IdleWait[]
  readonly lateRequest: LateRequest | null
}

/**
 * Leaves connections idle until their peer ends them, at most for shares of the given time; then
 * asks again on those that are still open. All wait at once.
 *
 * @param first connection that has had its first answer
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
  return {
    idle: [...idle, ...(await closerWaits(source, idle))],
    lateRequest: longest?.late ?? null,
  }
}

/**
 * Where connections are lost silently, waits again between the longest wait that was answered and
 * the shortest that was lost, until the limit is known closely enough.
 */
async function closerWaits(
  source: ConnectionSource,
  known: readonly IdleWait[],
): Promise<readonly IdleWait[]> {
  const found: IdleWait[] = []
  for (let round = 0; round < CLOSER_ROUNDS && !source.interruption.aborted; round++) {
    const [openMs, lostMs] = silentLimitOf([...known, ...found])
    if (lostMs === undefined || lostMs - openMs <= CLOSE_ENOUGH * lostMs) break
    const waits = CLOSER_SHARES.map((share) => openMs + share * (lostMs - openMs))
    const further = await Promise.all(
      waits.map(async (waitMs) => {
        const connection = await source.open()
        return connection && (await idleWait(source, connection, waitMs))
      }),
    )
    found.push(...further.filter((wait) => wait !== undefined))
  }
  return found
}

/** Longest wait that was answered, and the shortest longer one that was lost, if any. */
function silentLimitOf(waits: readonly IdleWait[]): [openMs: number, lostMs: number | undefined] {
  const timesOf = (some: readonly IdleWait[]): number[] =>
    some.map(({ connection }) => idleMsOf(connection))
  const openMs = Math.max(
    0,
    ...timesOf(waits.filter(({ askedAgain }) => askedAgain?.kind === 'answer')),
  )
  const lost = timesOf(waits.filter(wasForgotten)).filter((ms) => ms > openMs)
  return [openMs, lost.length === 0 ? undefined : Math.min(...lost)]
}

/** First wait. Its late request follows the FIN at once, since servers linger only briefly. */
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
