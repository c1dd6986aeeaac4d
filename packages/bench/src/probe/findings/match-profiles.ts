import { PROFILES, type ProfileName, type UpstreamProfile } from '@holdfast/core/upstreams'
import type { Findings } from './findings.ts'
import { isNear, TOLERANCE_MS } from './is-near.ts'

/** Time that a server may close later than it is set to and announces: Node takes a second. */
const ANNOUNCED_GRACE_MS = 1500

export type ComparedFact = 'idleTimeoutMs' | 'maxRequests' | 'hint' | 'closes'

/**
 * Weight of a fact that agrees, and of one that differs. Operators set limits as they like, so one
 * that fits says much and one that does not says little; habits belong to the server.
 */
const WEIGHTS: Readonly<Record<ComparedFact, { agrees: number; differs: number }>> = {
  idleTimeoutMs: { agrees: 3, differs: 1 },
  maxRequests: { agrees: 3, differs: 1 },
  hint: { agrees: 2, differs: 3 },
  closes: { agrees: 1, differs: 1 },
}

/** Weight of a missing hint, which most servers have in common. */
const NO_HINT_WEIGHT = 1

/** Least share of agreement, and least weight, of a match. */
const LEAST_FIT = 0.5
const LEAST_IN_FAVOUR = 3
const MOST_MATCHES = 3

/** Names in the `Server` header with the profiles they stand for, the more particular first. */
const SIGNATURES: readonly (readonly [RegExp, readonly ProfileName[]])[] = [
  [/^nginx\/(?:0|1\.(?:\d|1[0-8])\.|1\.19\.\d$)/iu, ['nginx-1.18']],
  [/^nginx/iu, ['nginx']],
  [/^apache\/1\.1/iu, ['apache-1.1']],
  [/^apache\/(?:1|2\.0)/iu, ['apache-2.0']],
  [/^apache-coyote/iu, ['tomcat', 'tomcat-embedded']],
  [/^apache/iu, ['apache-2.4']],
  [/^jetty/iu, ['jetty']],
  [/^gunicorn/iu, ['gunicorn', 'gunicorn-sync']],
  [/^uvicorn/iu, ['uvicorn']],
  [/^kestrel/iu, ['kestrel']],
  [/^microsoft-(?:iis|httpapi)/iu, ['iis']],
  [/^envoy/iu, ['envoy']],
  [/^cloudflare/iu, ['cloudflare']],
  [/^awselb/iu, ['aws-alb']],
  [/^big-?ip/iu, ['f5-bigip']],
]

type NamedProfile = UpstreamProfile & { readonly name: ProfileName }

export interface ProfileMatch {
  readonly name: ProfileName
  readonly title: string
  /** Whether the `Server` header names it. */
  readonly isNamed: boolean
  readonly agrees: readonly ComparedFact[]
  readonly differs: readonly ComparedFact[]
  /** Weighted share of comparable facts that agree; 0 without any. */
  readonly fit: number
}

/**
 * Profiles that behave as what was found, best first: those that the server names, even with its
 * own settings, then those that mostly agree.
 */
export function matchProfiles(findings: Findings): readonly ProfileMatch[] {
  const named = namedProfiles(findings.server)
  // A member that only carries connections shows in lost connections, not in what a server says.
  const isCandidate = ({ role, kind, name }: NamedProfile): boolean =>
    role === 'accepts' ||
    named.includes(name) ||
    (role === 'carries' && kind !== 'kernel' && findings.closes.how === 'silent')
  return Object.values<NamedProfile>(PROFILES)
    .filter(isCandidate)
    .map((profile) => matchOf(profile, findings, named))
    .filter(
      ({ isNamed, fit, inFavour }) => isNamed || (fit >= LEAST_FIT && inFavour >= LEAST_IN_FAVOUR),
    )
    .map(({ inFavour: _, ...match }) => match)
    .sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.fit - a.fit)
    .slice(0, MOST_MATCHES)
}

function namedProfiles(server: string | null): readonly ProfileName[] {
  return SIGNATURES.find(([pattern]) => pattern.test(server ?? ''))?.[1] ?? []
}

function matchOf(
  profile: NamedProfile,
  findings: Findings,
  named: readonly ProfileName[],
): ProfileMatch & { readonly inFavour: number } {
  const verdicts = Object.entries(COMPARISONS).map(
    ([fact, compare]) => [fact as ComparedFact, compare(profile, findings)] as const,
  )
  const factsWith = (verdict: boolean): ComparedFact[] =>
    verdicts.filter(([, each]) => each === verdict).map(([fact]) => fact)
  const [agrees, differs] = [factsWith(true), factsWith(false)]
  const inFavour = agrees.reduce((sum, fact) => sum + weightOf(fact, findings), 0)
  const against = differs.reduce((sum, fact) => sum + WEIGHTS[fact].differs, 0)
  return {
    name: profile.name,
    title: profile.title,
    isNamed: named.includes(profile.name),
    agrees,
    differs,
    fit: inFavour === 0 ? 0 : inFavour / (inFavour + against),
    inFavour,
  }
}

function weightOf(fact: ComparedFact, { hint }: Findings): number {
  return fact === 'hint' && hint.habit === 'never' ? NO_HINT_WEIGHT : WEIGHTS[fact].agrees
}

/** Compares a fact; undefined where either side does not know it. */
type Compare = (profile: UpstreamProfile, findings: Findings) => boolean | undefined

const COMPARISONS: Readonly<Record<ComparedFact, Compare>> = {
  idleTimeoutMs: ({ idleTimeoutMs }, { idle, hint }) => {
    if (idleTimeoutMs === undefined) return
    if (idleTimeoutMs.value === Number.POSITIVE_INFINITY) {
      return idle.kind === 'open' ? undefined : false
    }
    switch (idle.kind) {
      case 'closed': {
        // The measured time counts; an announcement only explains why a server closes a little
        // late.
        const lateMs = idle.shortestMs - idleTimeoutMs.value
        const isAnnounced = hint.timeoutMs !== null && isNear(hint.timeoutMs, idleTimeoutMs.value)
        return (
          isNear(idle.shortestMs, idleTimeoutMs.value) ||
          (isAnnounced && lateMs >= 0 && lateMs <= ANNOUNCED_GRACE_MS)
        )
      }
      case 'open':
        return idle.forMs > idleTimeoutMs.value + TOLERANCE_MS ? false : undefined
      case 'forgotten':
        return idleTimeoutMs.value >= idle.openForMs && idleTimeoutMs.value <= idle.atMostMs
      default:
        return idleTimeoutMs.value === 0
    }
  },
  maxRequests: ({ maxRequests }, { requests }) => {
    if (maxRequests === undefined) return
    switch (requests.kind) {
      case 'cap':
        // Some serve one more than they are set to.
        return requests.served === maxRequests.value || requests.served === maxRequests.value + 1
      case 'none-seen':
        return requests.served > maxRequests.value + 1 ? false : undefined
      case 'single-use':
        return maxRequests.value === 1
      default:
        return
    }
  },
  hint: ({ hint }, findings) =>
    hint === undefined || findings.hint.habit === null
      ? undefined
      : hint.value === findings.hint.habit,
  closes: ({ closes }, findings) =>
    closes === undefined || findings.closes.how === null
      ? undefined
      : closes.value === findings.closes.how,
}
