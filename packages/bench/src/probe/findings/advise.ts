import { LIMITS } from '@holdfast/core'
import { measured, type OwnProfile, type PathPolicy, policyFor } from '@holdfast/core/upstreams'
import type { Findings, HintFinding, IdleFinding, RequestsFinding } from './findings.ts'

export type AdvisedField = keyof PathPolicy['policy']

/** Policy that follows from the findings, with reasons for its fields. */
export interface Advice {
  readonly profile: OwnProfile
  readonly policy: PathPolicy['policy']
  readonly reasons: Readonly<Record<AdvisedField, readonly string[]>>
  readonly warnings: readonly string[]
}

/**
 * Derives a policy from findings.
 *
 * @param title name of the server, such as `127.0.0.1:8080`
 * @param source way and time of the measurement
 */
export function advise(findings: Findings, title: string, source: string): Advice {
  const profile = asProfile(findings, title, source)
  const { policy, reasons, warnings } = policyFor([profile])
  const texts = Object.fromEntries(
    Object.keys(policy).map((field) => [
      field,
      reasons[field as AdvisedField].map(({ text }) => text),
    ]),
  ) as Record<AdvisedField, string[]>
  return {
    profile,
    policy,
    reasons: { ...texts, ...boundedReasons(findings, policy) },
    warnings: [
      ...warnings.filter((text) => !text.includes('idle limit is not known')),
      ...cautions(findings),
    ],
  }
}

function asProfile(findings: Findings, title: string, source: string): OwnProfile {
  const idleTimeoutMs = safeIdleMs(findings)
  const maxRequests = safeRequests(findings.requests)
  const { requests, hint, closes } = findings
  const hasAge = requests.kind === 'age' || requests.kind === 'unclear'
  const maxAgeMs = hasAge ? requests.shortestMs : null
  return {
    name: title,
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs: measured(idleTimeoutMs, source) }),
    ...(maxRequests !== undefined && { maxRequests: measured(maxRequests, source) }),
    ...(maxAgeMs !== null && { maxAgeMs: measured(roundedDown(maxAgeMs), source) }),
    ...(hint.habit !== null && { hint: measured(hint.habit, source) }),
    ...(closes.how !== null && { closes: measured(closes.how, source) }),
  }
}

/** Rounds a measured limit down to its two significant digits: `2 998.3` becomes `2 900`. */
function roundedDown(ms: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(ms)) - 1)
  return Math.floor(ms / step) * step
}

/**
 * Measured or announced limit, whichever is shorter; undefined where the default is known to be
 * safe.
 */
function safeIdleMs({ idle, hint }: Findings): number | undefined {
  const knownMs = knownIdleMs(idle)
  if (hint.timeoutMs !== null) return Math.min(hint.timeoutMs, knownMs ?? hint.timeoutMs)
  return knownMs
}

function knownIdleMs(idle: IdleFinding): number | undefined {
  switch (idle.kind) {
    case 'closed':
      return roundedDown(idle.shortestMs)
    case 'open':
      // No server needs a longer limit than the default.
      return idle.forMs > LIMITS.idleTimeoutMs.default + LIMITS.serverHintMarginMs.default
        ? undefined
        : roundedDown(idle.forMs)
    case 'forgotten':
      return roundedDown(idle.openForMs)
    default:
      return undefined
  }
}

function safeRequests(requests: RequestsFinding): number | undefined {
  switch (requests.kind) {
    case 'cap':
      return requests.served
    case 'unclear':
      // Another connection has served more than one of them: neither number is a cap.
      return requests.served.length > 1 ? undefined : requests.served[0]
    case 'single-use':
      return 1
    default:
      return undefined
  }
}

/** Reasons where only a bound of the limit is known, which core would take for the limit itself. */
function boundedReasons(
  { idle, requests, hint }: Findings,
  policy: PathPolicy['policy'],
): Partial<Record<AdvisedField, readonly string[]>> {
  const isHintBound =
    hint.timeoutMs !== null && hint.timeoutMs <= (knownIdleMs(idle) ?? Number.POSITIVE_INFINITY)
  const idleReason = isHintBound ? hintReason(hint) : openReason(idle)
  return {
    ...(idleReason !== undefined && { idleTimeoutMs: [idleReason] }),
    ...(requests.kind === 'none-seen' &&
      policy.maxRequestsPerConnection === Number.POSITIVE_INFINITY && {
        maxRequestsPerConnection: [`no cap within ${requests.served} requests`],
      }),
    ...(requests.kind === 'not-counted' &&
      policy.maxRequestsPerConnection === Number.POSITIVE_INFINITY && {
        maxRequestsPerConnection: ['requests were not counted'],
      }),
  }
}

function hintReason({ text }: HintFinding): string {
  return `the server announces ${text}, margin ${LIMITS.serverHintMarginMs.default} ms`
}

function openReason(idle: IdleFinding): string | undefined {
  if (idle.kind === 'open') {
    return `still open after ${Math.floor(idle.forMs)} ms, when the probe stopped waiting`
  }
  if (idle.kind === 'forgotten') {
    return `a request after ${Math.floor(idle.atMostMs)} ms was lost, one after ${Math.floor(idle.openForMs)} ms was not`
  }
  return undefined
}

function cautions({ hint, idle, closes, requests }: Findings): readonly string[] {
  return [
    ...(hint.timeoutVerdict === 'earlier'
      ? [
          "it closes earlier than it announces: keep `learnIdleLimit` on, or `serverHints: 'ignore'`",
        ]
      : []),
    ...(hint.maxVerdict === 'fewer' ? ['it serves fewer requests than it announces'] : []),
    ...(idle.kind === 'forgotten'
      ? [
          'connections are lost silently, at the server or on the way: the policy stays below the longest wait that was answered',
        ]
      : []),
    ...(closes.how === 'reset' ? ['it resets idle connections instead of closing them'] : []),
    ...(closes.lateRequest === 'ignored'
      ? [
          'after its FIN it still reads, and answers nothing: a request that crosses the FIN is lost without a reset',
        ]
      : []),
    ...(requests.kind === 'cap' && !requests.announced
      ? ['its last response does not say `Connection: close`: stay below the cap']
      : []),
  ]
}
