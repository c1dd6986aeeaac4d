import type {
  CloseRequestFinding,
  ClosesFinding,
  Findings,
  HintFinding,
  IdleFinding,
  RequestsFinding,
} from './findings.ts'
import { isNear, TOLERANCE_MS } from './is-near.ts'

/** Fact of a server, as it is called. */
export type Fact =
  | 'HTTP'
  | 'TLS'
  | 'idle limit'
  | 'request cap'
  | 'hint'
  | 'idle close'
  | 'Connection: close'

type Alike<T> = (a: T, b: T) => boolean

/** Facts in which servers differ by more than the measurement; what is not known differs in nothing. */
export function differingFacts(servers: readonly Findings[]): readonly Fact[] {
  return Object.entries(ALIKE)
    .filter(([, alike]) => servers.some((a) => servers.some((b) => !alike(a, b))))
    .map(([fact]) => fact as Fact)
}

const ALIKE: Readonly<Record<Fact, Alike<Findings>>> = {
  // biome-ignore lint/style/useNamingConvention: the name is the protocol's.
  HTTP: (a, b) => a.httpVersion === b.httpVersion && a.status === b.status && a.server === b.server,
  // biome-ignore lint/style/useNamingConvention: the name is the protocol's.
  TLS: (a, b) =>
    same(a.tls?.version, b.tls?.version) &&
    same(a.tls?.cipher, b.tls?.cipher) &&
    (a.tls === null || b.tls === null || a.tls.alpn === b.tls.alpn) &&
    same(a.tls?.sessionReused, b.tls?.sessionReused),
  'idle limit': (a, b) => idleAlike(a.idle, b.idle) && idleAlike(b.idle, a.idle),
  'request cap': (a, b) =>
    requestsAlike(a.requests, b.requests) && requestsAlike(b.requests, a.requests),
  hint: (a, b) => hintAlike(a.hint, b.hint),
  'idle close': (a, b) => closesAlike(a.closes, b.closes),
  'Connection: close': (a, b) => closeRequestAlike(a.closeRequest, b.closeRequest),
}

/** Whether two values are the same, as far as both are known. */
function same<T>(a: T | null | undefined, b: T | null | undefined): boolean {
  return (a ?? null) === null || (b ?? null) === null || a === b
}

/** Whether the first may be the second's. To be asked both ways. */
const idleAlike: Alike<IdleFinding> = (a, b) => {
  switch (a.kind) {
    case 'closed':
      return b.kind === 'closed' ? isNear(a.shortestMs, b.shortestMs) : b.kind === 'open'
    case 'open':
      return a.forMs <= longestMs(b) + TOLERANCE_MS
    case 'forgotten':
      return b.kind === 'forgotten' ? a.openForMs <= b.atMostMs : b.kind === 'open'
    default:
      return b.kind === 'single-use'
  }
}

/** Longest time that a connection may have been open. */
function longestMs(idle: IdleFinding): number {
  switch (idle.kind) {
    case 'closed':
      return idle.longestMs
    case 'forgotten':
      return idle.atMostMs
    case 'open':
      return Number.POSITIVE_INFINITY
    default:
      return Number.NEGATIVE_INFINITY
  }
}

/** Whether the first may be the second's. To be asked both ways. */
const requestsAlike: Alike<RequestsFinding> = (a, b) => {
  if (a.kind === 'unclear' || a.kind === 'not-counted') return true
  if (b.kind === 'unclear' || b.kind === 'not-counted') return true
  switch (a.kind) {
    case 'cap':
      return b.kind === 'cap' ? a.served === b.served : b.kind === 'none-seen'
    case 'none-seen':
      return b.kind === 'cap' ? a.served < b.served : b.kind === 'none-seen'
    case 'age':
      return b.kind === 'age' && isNear(a.shortestMs, b.shortestMs)
    default:
      return b.kind === 'single-use'
  }
}

const hintAlike: Alike<HintFinding> = (a, b) =>
  same(a.habit, b.habit) && a.timeoutMs === b.timeoutMs && a.max === b.max

const closesAlike: Alike<ClosesFinding> = (a, b) =>
  same(a.how, b.how) && same(a.lateRequest, b.lateRequest)

const closeRequestAlike: Alike<CloseRequestFinding> = (a, b) => {
  if (a.kind === 'not-seen' || b.kind === 'not-seen') return true
  if (a.announced !== b.announced) return false
  return a.kind === 'closed' && b.kind === 'closed' ? a.how === b.how : a.kind === b.kind
}
