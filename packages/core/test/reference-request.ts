import { IllegalTransitionError } from '../src/errors.ts'
import type { ResolvedPolicy } from '../src/policies/resolve-policy.ts'
import type { LossVerdict } from '../src/request/after-loss.ts'
import type { RequestStateName } from '../src/request/request-lifecycle.ts'
import type { Loss } from '../src/request/request-registry.ts'
import type { TestRequestFacts } from './test-request.ts'

/** What happened to a request on one connection. */
interface Attempt {
  readonly connectionId: number
  /** Whether the connection had been used, or idle, before. */
  readonly isOnDated: boolean
  isChecked: boolean
  isPassed: boolean
  isWhole: boolean
  isAnswered: boolean
  /** What became of the request when the connection was lost under it. */
  loss: 'move' | 'resend' | undefined
}

/** A request as the reference pool sees it: nothing but what has happened to it. */
export interface ReferenceRequest extends Required<TestRequestFacts> {
  readonly name: string
  readonly origin: string
  isQueued: boolean
  /** Whether the pool was destroyed while it had a connection. */
  isDoomed: boolean
  readonly attempts: Attempt[]
  end: 'done' | 'failed' | 'aborted' | 'rejected' | undefined
}

export const asking = (
  name: string,
  origin: string,
  facts: Required<TestRequestFacts>,
): ReferenceRequest => ({
  ...facts,
  name,
  origin,
  isQueued: false,
  isDoomed: false,
  attempts: [],
  end: undefined,
})

/** The connection that it has now, and what has happened there. */
export const currentOf = ({ attempts, end }: ReferenceRequest): Attempt | undefined => {
  const last = attempts.at(-1)
  return end === undefined && last?.loss === undefined ? last : undefined
}

export const stateNameOf = (request: ReferenceRequest): RequestStateName => {
  if (request.end !== undefined) return request.end
  const attempt = currentOf(request)
  if (attempt === undefined) return request.isQueued ? 'waiting' : 'asked'
  if (attempt.isAnswered) return 'answering'
  if (attempt.isWhole) return 'sent'
  if (attempt.isPassed) return 'sending'
  return attempt.isChecked ? 'checking' : 'granted'
}

export const getConnection = (
  request: ReferenceRequest,
  connectionId: number,
  isOnDated: boolean,
): void => {
  const begun = { isChecked: false, isPassed: false, isWhole: false, isAnswered: false }
  request.attempts.push({ connectionId, isOnDated, ...begun, loss: undefined })
}

/** The request goes on without the connection that it has. */
export const loseConnection = (request: ReferenceRequest, loss: 'move' | 'resend'): void => {
  const attempt = currentOf(request)
  if (attempt !== undefined) attempt.loss = loss
}

/** What a sender reports of a request, by the name of the event. */
export const REPORTS = ['doubted', 'passed', 'completed', 'answered', 'aborted'] as const

export type Report = (typeof REPORTS)[number]

/** Takes note of what is reported. */
export const report = (request: ReferenceRequest, what: Report): void => {
  const attempt = currentOf(request)
  const must = (isLegal: boolean): void => {
    if (!isLegal) throw new IllegalTransitionError('request', stateNameOf(request), what)
  }
  if (what === 'aborted') {
    must(request.end === undefined)
    request.end = 'aborted'
    return
  }
  must(attempt !== undefined)
  if (attempt === undefined) return
  if (what === 'doubted') {
    must(!(attempt.isChecked || attempt.isPassed))
    attempt.isChecked = true
  } else if (what === 'passed') {
    must(!attempt.isPassed)
    attempt.isPassed = true
  } else if (what === 'completed') {
    must(attempt.isAnswered || (attempt.isPassed && !attempt.isWhole))
    attempt.isWhole = true
  } else {
    must(attempt.isPassed && !attempt.isAnswered)
    attempt.isAnswered = true
  }
}

const COVERED = {
  never: [],
  safe: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'],
  idempotent: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'PUT', 'DELETE'],
} as const satisfies Readonly<Record<ResolvedPolicy['replay'], readonly string[]>>

const isCovered = (
  { hasIdempotencyKey, method }: ReferenceRequest,
  replay: ResolvedPolicy['replay'],
): boolean => {
  const methods: readonly string[] = COVERED[replay]
  return methods.includes(method) || (replay !== 'never' && hasIdempotencyKey)
}

export const wasSentAgain = ({ attempts }: ReferenceRequest): boolean =>
  attempts.some(({ loss }) => loss === 'resend')

/** Whether all of it is written to the connection that it has, or had last and did not leave. */
export const isWhole = ({ attempts }: ReferenceRequest): boolean => {
  const last = attempts.at(-1)
  return last?.isWhole === true && last.loss === undefined
}

/** Whether it is known already that the request would be sent again if its connection were dead. */
export const isSureOfReplay = (
  request: ReferenceRequest,
  replay: ResolvedPolicy['replay'],
): boolean => request.isBodyAtHand && isCovered(request, replay) && !wasSentAgain(request)

/** What becomes of a request whose connection is lost; a line for each line of what is promised. */
export const verdictOnLoss = (
  request: ReferenceRequest,
  replay: ResolvedPolicy['replay'],
  { isRepeatable, isUnwritten }: Loss,
): LossVerdict => {
  const attempt = currentOf(request)
  if (attempt === undefined) return 'fail'
  if (attempt.isAnswered || request.isDoomed) return 'fail'
  if (isUnwritten || !attempt.isPassed) {
    if (attempt.isOnDated) return 'move'
    const isSecond = request.attempts.some(({ isOnDated, loss }) => !isOnDated && loss === 'move')
    return isSecond ? 'fail' : 'move'
  }
  if (!attempt.isOnDated) return 'fail'
  if (!(attempt.isWhole && isRepeatable)) return 'fail'
  if (wasSentAgain(request)) return 'fail'
  return isCovered(request, replay) ? 'resend' : 'fail'
}
