import { announcesClose, answersOf, isOver } from '../observing/answers.ts'
import type { ConnectionRecord } from '../observing/observation.ts'
import type { IdleFinding, RequestsFinding } from './findings.ts'

/** Share, and time, within which two ages count as equal. */
const SAME_AGE = 0.1
const SAME_AGE_MS = 250

/** Share beyond which two counts count as different. */
const SAME_COUNT = 0.2

interface Count {
  readonly served: number
  readonly announced: boolean
  /** Whether the peer ended it, or said that it would. */
  readonly isOver: boolean
  readonly afterwards: 'fin' | 'reset' | 'nothing'
  readonly ageMs: number
  /** Longest time between two requests. */
  readonly longestPauseMs: number
}

function countOf(connection: ConnectionRecord): Count {
  const { exchanges, ending, openedMs, watchedUntilMs } = connection
  const answers = answersOf(connection)
  const last = answers.at(-1)
  const announced = last !== undefined && announcesClose(last)
  const pauses = exchanges.slice(1).map(({ sentMs }, i) => sentMs - (exchanges[i]?.endedMs ?? 0))
  return {
    served: answers.length,
    announced,
    isOver: isOver(connection),
    afterwards: ending?.how ?? 'nothing',
    // An announced close is decided when the response is sent, however long the FIN takes.
    ageMs: ((announced ? exchanges.at(-1)?.endedMs : ending?.atMs) ?? watchedUntilMs) - openedMs,
    longestPauseMs: Math.max(0, ...pauses),
  }
}

/**
 * Judges how many requests a connection serves.
 *
 * @param idle limit of silence; pauses between requests must have been shorter
 */
export function findRequests(
  counted: readonly ConnectionRecord[],
  idle: IdleFinding,
): RequestsFinding {
  const [first, second] = counted.map(countOf)
  if (first === undefined || first.served === 0) return { kind: 'not-counted' }
  const { served } = first
  if (!first.isOver) return { kind: 'none-seen', served }
  if (served === 1 && first.announced) return { kind: 'single-use' }
  if (idle.kind === 'closed' && idle.shortestMs < 2 * first.longestPauseMs) {
    const why = 'the pauses between requests came near the idle limit'
    return { kind: 'unclear', served: [served], shortestMs: null, why }
  }
  if (second === undefined) return capOf([first])
  return compare(first, second)
}

/** @param counts counts of connections that ended after the same number */
function capOf(counts: readonly [Count, ...Count[]]): RequestsFinding {
  const [{ served, afterwards }] = counts
  const announced = counts.every((count) => count.announced)
  return { kind: 'cap', served, announced, afterwards, connections: counts.length }
}

/** Compares two counts, of which the second ran at twice the rate. */
function compare(first: Count, second: Count): RequestsFinding {
  const served = [first.served, second.served]
  if (second.isOver && first.served === second.served) return capOf([first, second])
  const difference = Math.abs(second.served - first.served) / first.served
  const ages = [first.ageMs, second.ageMs]
  const [shortestMs, longestMs] = [Math.min(...ages), Math.max(...ages)]
  if (
    second.isOver &&
    difference > SAME_COUNT &&
    longestMs - shortestMs <= Math.max(SAME_AGE_MS, SAME_AGE * longestMs)
  ) {
    return { kind: 'age', shortestMs, served }
  }
  const why =
    second.served > first.served
      ? 'the second connection served more, so that this is no cap; perhaps an age'
      : 'the second connection served fewer; more than one server?'
  return { kind: 'unclear', served, shortestMs, why }
}
