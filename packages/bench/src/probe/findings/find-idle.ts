import { announcesClose, answersOf } from '../observing/answers.ts'
import { endingOf, idleMsOf, wasForgotten } from '../observing/idle-wait.ts'
import type { IdleWait, Observations } from '../observing/observation.ts'
import type { ClosesFinding, IdleFinding } from './findings.ts'

/**
 * Difference below which two ends come from one limit, since servers look at their clocks now and
 * then.
 */
const SAME_LIMIT_MS = 250

export function findIdle({ idle }: Pick<Observations, 'idle'>): IdleFinding {
  const first = idle[0] && answersOf(idle[0].connection)[0]
  if (first !== undefined && announcesClose(first)) return { kind: 'single-use' }
  const ended = idle.filter((wait) => endingOf(wait) !== undefined)
  if (ended.length > 0) {
    const times = ended.map(({ connection }) => idleMsOf(connection))
    return {
      kind: 'closed',
      shortestMs: Math.min(...times),
      longestMs: Math.max(...times),
      connections: ended.length,
    }
  }
  const timesOf = (waits: readonly IdleWait[]): number[] =>
    waits.map(({ connection }) => idleMsOf(connection))
  const forgotten = idle.filter(wasForgotten)
  const openForMs = Math.max(0, ...timesOf(idle.filter((wait) => !wasForgotten(wait))))
  return forgotten.length === 0
    ? { kind: 'open', forMs: openForMs }
    : { kind: 'forgotten', openForMs, atMostMs: Math.min(...timesOf(forgotten)) }
}

/** End of idle connections; where they ended in different ways, the roughest counts. */
export function findCloses({
  idle,
  lateRequest,
}: Pick<Observations, 'idle' | 'lateRequest'>): ClosesFinding {
  const endings = idle.map(endingOf)
  if (endings.every((each) => each === undefined) && idle.some(wasForgotten)) {
    // No side has said anything: the server may have closed, or something on the way to it.
    return { first: null, how: 'silent', lateRequest: null }
  }
  const how = (['reset', 'fin'] as const).find((each) => endings.includes(each)) ?? null
  return { first: how && 'server', how, lateRequest }
}

/** Oddities of the idle connections, for people. */
export function idleNotes({ idle }: Pick<Observations, 'idle'>): readonly string[] {
  const ended = idle.filter((wait) => endingOf(wait) !== undefined)
  const longestOpenMs = Math.max(
    0,
    ...idle
      .filter(({ askedAgain }) => askedAgain?.kind === 'answer')
      .map((wait) => idleMsOf(wait.connection)),
  )
  const differs = ended.some(
    ({ connection }) => idleMsOf(connection) + SAME_LIMIT_MS < longestOpenMs,
  )
  const stray = idle.reduce((sum, { connection }) => sum + connection.strayBytes, 0)
  return [
    ...(differs ? ['idle connections did not all last equally long: more than one server?'] : []),
    ...(stray > 0 ? [`${stray} bytes came on idle connections, where nothing may come`] : []),
  ]
}
