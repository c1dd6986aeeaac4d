import type { CloseReason } from '../src/connection/close-reason.ts'
import type { StateName } from '../src/connection/lifecycle.ts'
import { UNUSED_MS } from '../src/idle/idle-keeper.ts'
import type { KeepAliveHint } from '../src/policies/keep-alive-header.ts'
import type { ResolvedPolicy } from '../src/policies/resolve-policy.ts'
import { currentOf, type ReferenceRequest } from './reference-request.ts'

/** A connection as the reference pool sees it: nothing but what has happened to it. */
export interface ReferenceConnection {
  readonly id: number
  readonly origin: string
  readonly jitter: number
  /** Whether it was dialled for warmth. */
  isAhead: boolean
  /** Whether the last look found it alive. */
  isSure: boolean
  state: StateName
  /** When the dial succeeded, if it ever did. */
  openedAtMs: number | undefined
  idleSinceMs: number
  /** While it is idle: when to look again whether it may stay. */
  deadlineMs: number
  /** While a request has it: when to ask since when that has heard nothing. */
  lookAtMs: number
  /** Every request that had it. */
  readonly served: ReferenceRequest[]
  /** The requests that it went to straight from another one, since it was last idle. */
  handedOnTo: string[]
  announcedIdleMs: number | undefined
  announcedRequests: number | undefined
  /** Whether it has ever been kept for a request that might come. */
  hasBeenIdle: boolean
  closeReason: CloseReason | undefined
  /** While it lingers: how long, and whether its place is wanted. */
  lingersUntilMs: number
  isHurried: boolean
}

/** A request that waits. */
export interface ReferenceWaiter {
  readonly request: ReferenceRequest
  readonly origin: string
  readonly sinceMs: number
  /** The connection that is being dialled for it. */
  dial: ReferenceConnection | undefined
  /** Whether it takes that one and no other. */
  isClaimed: boolean
}

/** Why a connection may take no further request now, or until when it may. */
export type ReferenceVerdict =
  | { readonly refusal: CloseReason }
  | { readonly refusal: undefined; readonly untilMs: number }

export const dialled = (id: number, origin: string, jitter: number): ReferenceConnection => ({
  id,
  origin,
  jitter,
  isAhead: false,
  isSure: true,
  state: 'connecting',
  openedAtMs: undefined,
  idleSinceMs: Number.NaN,
  deadlineMs: Number.NaN,
  lookAtMs: Number.NaN,
  served: [],
  handedOnTo: [],
  announcedIdleMs: undefined,
  announcedRequests: undefined,
  hasBeenIdle: false,
  closeReason: undefined,
  lingersUntilMs: Number.NaN,
  isHurried: false,
})

/** Whether a request asked for its dial, and none has used it. */
export const isLeftOver = ({ isAhead, served }: ReferenceConnection): boolean =>
  served.length === 0 && !isAhead

/** When it is closed unless it is used, which the policies allow until then. */
export const keptUntilMs = (connection: ReferenceConnection, untilMs: number): number => {
  const { openedAtMs = Number.NaN } = connection
  return isLeftOver(connection) ? Math.min(untilMs, openedAtMs + UNUSED_MS) : untilMs
}

/** Whether a request has it. */
export const isLent = ({ state }: ReferenceConnection): boolean =>
  state === 'leased' || state === 'draining'

/** The request that has it, unless that one is over. */
export const requestOn = ({ id, served }: ReferenceConnection): ReferenceRequest | undefined => {
  const last = served.at(-1)
  return last !== undefined && currentOf(last)?.connectionId === id ? last : undefined
}

/** The request that has the connection gives it back, or keeps it for good. */
export const endOf = (connection: ReferenceConnection): void => {
  const request = requestOn(connection)
  if (request !== undefined) request.end = currentOf(request)?.isAnswered ? 'done' : 'aborted'
}

/** Whether it is about to give up its place. */
export const isEnding = ({ state }: ReferenceConnection): boolean =>
  state === 'lingering' || state === 'closing'

/** What a server leaves out keeps its last value; requests are counted from the present one on. */
export const applyHint = (
  connection: ReferenceConnection,
  { timeoutMs, maxRequests }: KeepAliveHint,
): void => {
  connection.announcedIdleMs = timeoutMs ?? connection.announcedIdleMs
  if (maxRequests !== undefined) {
    connection.announcedRequests = connection.served.length + maxRequests
  }
}

/** Everything that ends a connection's use: from when on, and how that is called. */
const limitsOf = (
  connection: ReferenceConnection,
  policy: ResolvedPolicy,
  learnedIdleMs: number | undefined,
): [fromMs: number, reason: CloseReason][] => {
  const { announcedIdleMs, announcedRequests, idleSinceMs, jitter, openedAtMs, served } = connection
  const limits: [number, CloseReason][] = []
  const never = Number.POSITIVE_INFINITY
  const atOnce = Number.NEGATIVE_INFINITY
  limits.push([served.length < policy.maxRequestsPerConnection ? never : atOnce, 'max_requests'])
  const ageMs = policy.maxConnectionAgeMs * (1 - policy.connectionAgeJitter * jitter)
  limits.push([(openedAtMs ?? Number.NaN) + ageMs, 'max_age'])
  if (policy.serverHints === 'honor') {
    const isLeft = announcedRequests === undefined || served.length < announcedRequests
    limits.push([isLeft ? never : atOnce, 'server_hint'])
    if (announcedIdleMs !== undefined) {
      limits.push([idleSinceMs + (announcedIdleMs - policy.serverHintMarginMs), 'server_hint'])
    }
  }
  if (policy.learnIdleLimit && learnedIdleMs !== undefined) {
    limits.push([idleSinceMs + learnedIdleMs, 'learned_limit'])
  }
  limits.push([idleSinceMs + policy.idleTimeoutMs, 'idle_timeout'])
  return limits
}

/** The first limit that is reached is the reason; where none is, the earliest is the deadline. */
export const verdictOf = (
  connection: ReferenceConnection,
  policy: ResolvedPolicy,
  learnedIdleMs: number | undefined,
  nowMs: number,
): ReferenceVerdict => {
  const limits = limitsOf(connection, policy, learnedIdleMs)
  const reached = limits.find(([fromMs]) => nowMs >= fromMs)
  if (reached !== undefined) return { refusal: reached[1] }
  return { refusal: undefined, untilMs: Math.min(...limits.map(([fromMs]) => fromMs)) }
}
