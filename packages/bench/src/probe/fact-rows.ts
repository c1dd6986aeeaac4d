import type { Fact } from './findings/differing-facts.ts'
import type {
  CloseRequestFinding,
  ClosesFinding,
  Findings,
  HintFinding,
  IdleFinding,
  RequestsFinding,
} from './findings/findings.ts'
import { formatSpan } from './format-span.ts'

const HOW = { fin: 'FIN', reset: 'RST' } as const

type FactRow = readonly [fact: Fact, text: string]

/** Facts as rows of a table: a label, and what was found. */
export function factRows(findings: Findings): readonly FactRow[] {
  const { httpVersion, status, server, tls, idle, requests, hint, closes, closeRequest } = findings
  return [
    ['HTTP', `${httpVersion}, status ${status}${server === null ? '' : `, Server: ${server}`}`],
    ...(tls === null ? [] : [['TLS', tlsText(tls)] as const]),
    ['idle limit', idleText(idle)],
    ['request cap', requestsText(requests)],
    ['hint', hintText(hint)],
    ['idle close', closesText(closes)],
    ['Connection: close', closeRequestText(closeRequest)],
  ]
}

function tlsText({ version, cipher, alpn, sessionReused }: NonNullable<Findings['tls']>): string {
  const reuse = { true: 'resumed', false: 'not resumed', null: 'not tried' }[`${sessionReused}`]
  return `${version}, ${cipher}; of h2 and http/1.1 it chose ${alpn ?? 'neither'}; session ${reuse}`
}

function idleText(idle: IdleFinding): string {
  switch (idle.kind) {
    case 'closed': {
      const [shortest, longest] = [formatSpan(idle.shortestMs), formatSpan(idle.longestMs)]
      const span = shortest === longest ? shortest : `${shortest} to ${longest}`
      return `${span}, on ${connectionsText(idle.connections)}`
    }
    case 'open':
      return `not seen within ${formatSpan(idle.forMs)}; a longer --max-wait would look further`
    case 'forgotten':
      return `a request after ${formatSpan(idle.openForMs)} was answered, one after ${formatSpan(idle.atMostMs)} was not`
    default:
      return 'none: each response is announced as the last'
  }
}

function connectionsText(count: number): string {
  return count === 1 ? 'one connection' : `${count} connections`
}

function requestsText(requests: RequestsFinding): string {
  switch (requests.kind) {
    case 'cap': {
      const last = requests.announced ? 'the last says' : 'the last does not say'
      return `${requests.served}, on ${connectionsText(requests.connections)}; ${last} Connection: close, ${AFTER_LAST[requests.afterwards]}`
    }
    case 'none-seen':
      return `not seen within ${requests.served}; a higher --max-requests would look further`
    case 'age':
      return `none, but an age: ${formatSpan(requests.shortestMs)}, after ${requests.served.join(' and ')} requests`
    case 'unclear':
      return `unclear: ended after ${requests.served.join(' and ')}; ${requests.why}`
    case 'single-use':
      return '1'
    default:
      return 'not counted'
  }
}

const AFTER_LAST = {
  fin: 'FIN follows',
  reset: 'RST follows',
  nothing: 'and the close is left to the client',
} as const

const TIMEOUT_VERDICTS: Readonly<Record<HintFinding['timeoutVerdict'], string>> = {
  'as-announced': 'connections end when it says',
  earlier: 'CONNECTIONS END EARLIER than it says',
  later: 'connections end later than it says',
  unknown: 'not seen whether connections end when it says',
}

const MAX_VERDICTS: Readonly<Record<HintFinding['maxVerdict'], string>> = {
  'as-announced': 'max holds',
  fewer: 'FEWER REQUESTS than max',
  more: 'more requests than max',
  unknown: 'not seen whether max holds',
}

function hintText(hint: HintFinding): string {
  if (hint.text === null) return 'none'
  const only =
    hint.habit === 'on-request' ? ' (only if the request says Connection: keep-alive)' : ''
  const counts = { down: ', counting down', not: ', the same each time' }
  return [
    `Keep-Alive: ${hint.text}${only}`,
    ...(hint.timeoutMs === null ? [] : [TIMEOUT_VERDICTS[hint.timeoutVerdict]]),
    ...(hint.max === null
      ? []
      : [
          `${MAX_VERDICTS[hint.maxVerdict]}${hint.maxCounts === null ? '' : counts[hint.maxCounts]}`,
        ]),
  ].join('; ')
}

function closesText({ how, lateRequest }: ClosesFinding): string {
  if (how === null) return 'not seen'
  if (how === 'silent') return 'none: connections are lost silently, here or on the way'
  const late = {
    reset: '; a request after it is answered by RST',
    ignored: '; a request after it is read and never answered',
  }
  return `the server first, by ${HOW[how]}${lateRequest === null ? '' : late[lateRequest]}`
}

function closeRequestText(close: CloseRequestFinding): string {
  switch (close.kind) {
    case 'closed': {
      const said = close.announced ? 'agreed to' : 'not mentioned in the response'
      return `${said}; ${HOW[close.how]} ${formatSpan(close.afterMs)} after the response`
    }
    case 'stays-open':
      return `${close.announced ? 'agreed to, but' : 'ignored:'} still open ${formatSpan(close.forMs)} after the response`
    default:
      return 'not seen'
  }
}
