import { announcesClose, answersOf } from '../observing/answers.ts'
import type { Answer, ConnectionRecord, Observations } from '../observing/observation.ts'
import { findHint } from './find-hint.ts'
import { findCloses, findIdle, idleNotes } from './find-idle.ts'
import { findRequests } from './find-requests.ts'
import type { CloseRequestFinding, Findings } from './findings.ts'

/**
 * Interprets observations.
 *
 * @throws Error where not even the first request was answered
 */
export function findAll(observations: Observations): Findings {
  const first = observations.idle[0] && answersOf(observations.idle[0].connection)[0]
  if (first === undefined) throw new Error('the first request had no answer')
  const idle = findIdle(observations)
  const requests = findRequests(observations.counted, idle)
  return {
    httpVersion: first.httpVersion,
    status: first.status,
    server: first.server,
    location: first.location,
    idle,
    requests,
    hint: findHint(observations, { idle, requests }),
    closes: findCloses(observations),
    closeRequest: findCloseRequest(observations.closing),
    tls: observations.tls,
    interrupted: observations.interrupted,
    notes: [
      ...statusNotes(first),
      ...idleNotes(observations),
      ...observations.refusals.map((refusal) => `further connections: ${refusal}`),
    ],
  }
}

function findCloseRequest(closing: ConnectionRecord | null): CloseRequestFinding {
  const exchange = closing?.exchanges[0]
  if (closing === null || exchange?.result.kind !== 'answer') return { kind: 'not-seen' }
  const { ending, watchedUntilMs } = closing
  const announced = announcesClose(exchange.result)
  return ending === null
    ? { kind: 'stays-open', forMs: watchedUntilMs - exchange.endedMs, announced }
    : { kind: 'closed', how: ending.how, afterMs: ending.atMs - exchange.endedMs, announced }
}

function statusNotes({ status, location }: Answer): readonly string[] {
  if (status >= 300 && status < 400 && location !== null) {
    return [
      `status ${status} leads to ${location}: this is the server that redirects, probe that one, too`,
    ]
  }
  if (status < 400) return []
  return [`status ${status}: servers often close after errors; probe a path that answers with 200`]
}
