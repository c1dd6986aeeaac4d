import { announcesClose, answersOf, isOver } from './answers.ts'
import type { ConnectionSource } from './connection-source.ts'
import type { Asked, ConnectionRecord } from './observation.ts'

const MS_PER_SECOND = 1000

/**
 * Requests of the second count, which at twice the rate pass the age at which the first one ended.
 */
export const secondCountOf = (served: number): number => 2 * served + 10

/** Time for the close after a response that was to be the last. */
const CLOSE_PATIENCE_MS = 2000

export interface CountPlan {
  readonly maxRequests: number
  readonly requestsPerSecond: number
  /** Whether each request asks for keepalive, as HTTP/1.0 needs. */
  readonly alwaysAsks: boolean
  readonly onCount: (requests: number) => void
}

/**
 * Sends requests on one connection, one after the other and no faster than allowed, until its peer
 * ends it. Undefined without a connection.
 */
export async function countRequests(
  source: ConnectionSource,
  { maxRequests, requestsPerSecond, alwaysAsks, onCount }: CountPlan,
): Promise<ConnectionRecord | undefined> {
  const connection = await source.open()
  if (connection === undefined) return
  for (let sent = 1; sent <= maxRequests && !connection.hasEnded; sent++) {
    // Asks by turns, so that a hint that comes only on request is told from one that always comes.
    const asked: Asked = alwaysAsks || sent % 2 === 1 ? 'keep-alive' : undefined
    const result = await connection.exchange(asked)
    if (result?.kind !== 'answer') break
    onCount(sent)
    const isLast = announcesClose(result)
    await connection.waitForEnd(isLast ? CLOSE_PATIENCE_MS : MS_PER_SECOND / requestsPerSecond)
    if (isLast || source.interruption.aborted) break
  }
  const { record } = connection
  connection.close()
  return record
}

/**
 * Counts requests, and where the peer ended the connection counts again at twice the rate: a cap
 * lies at the same number of requests again, a limit of age at twice as many.
 */
export async function countTwice(
  source: ConnectionSource,
  plan: CountPlan,
): Promise<readonly ConnectionRecord[]> {
  const first = await countRequests(source, plan)
  if (first === undefined) return []
  const served = answersOf(first).length
  if (!isOver(first) || served < 2) return [first]
  const second = await countRequests(source, {
    ...plan,
    maxRequests: secondCountOf(served),
    requestsPerSecond: 2 * plan.requestsPerSecond,
  })
  // A count that was cut short says nothing about the first.
  const isWhole = second !== undefined && (isOver(second) || !source.interruption.aborted)
  return isWhole ? [first, second] : [first]
}

/** Says `Connection: close` and watches who closes. Undefined without a connection. */
export async function askToClose(source: ConnectionSource): Promise<ConnectionRecord | undefined> {
  const connection = await source.open()
  if (connection === undefined) return
  const answer = await connection.exchange('close')
  if (answer?.kind === 'answer') await connection.waitForEnd(CLOSE_PATIENCE_MS)
  const { record } = connection
  connection.close()
  return record
}
