import { parseKeepAliveHeader } from '@holdfast/core'
import type { HintHabit } from '@holdfast/core/upstreams'
import { announcesClose } from '../observing/answers.ts'
import type { Exchange, Observations } from '../observing/observation.ts'
import type { HintFinding, IdleFinding, RequestsFinding } from './findings.ts'

/** Tolerance of times: hints count in seconds, and servers close when they get round to it. */
const TOLERANCE_MS = 250

/**
 * Judges what a server announces.
 *
 * @param found findings that the hints are compared with
 */
export function findHint(
  { idle, counted }: Pick<Observations, 'idle' | 'counted'>,
  found: { readonly idle: IdleFinding; readonly requests: RequestsFinding },
): HintFinding {
  const connections = [...idle.map(({ connection }) => connection), ...counted]
  const exchanges = connections.flatMap((connection) => connection.exchanges)
  const text = exchanges.map(keepAliveOf).find((header) => header !== null) ?? null
  const { timeoutMs = null, maxRequests = null } = text === null ? {} : parse(text)
  const maxima = counted[0] === undefined ? [] : maximaOf(counted[0].exchanges)
  return {
    habit: habitOf(exchanges),
    text,
    timeoutMs,
    max: maxRequests,
    maxCounts: maxima.length < 2 ? null : directionOf(maxima),
    timeoutVerdict: judgeTimeout(timeoutMs, found.idle),
    maxVerdict: judgeMax(maxRequests, found.requests),
  }
}

interface Hint {
  readonly timeoutMs?: number | null
  readonly maxRequests?: number | null
}

function parse(text: string): Hint {
  const { timeoutMs = null, maxRequests = null } = parseKeepAliveHeader(text)
  return { timeoutMs, maxRequests }
}

function keepAliveOf({ result }: Exchange): string | null {
  return result.kind === 'answer' ? result.keepAlive : null
}

/** Habit, from responses that keep the connection: the last one has nothing to announce. */
function habitOf(exchanges: readonly Exchange[]): HintHabit | null {
  const keeping = exchanges.filter(
    ({ result }) => result.kind === 'answer' && !announcesClose(result),
  )
  const asked = keeping.filter((exchange) => exchange.asked === 'keep-alive')
  const unasked = keeping.filter((exchange) => exchange.asked === undefined)
  if (asked.length === 0 || unasked.length === 0) return null
  const isHinting = (each: Exchange): boolean => keepAliveOf(each) !== null
  if (unasked.some(isHinting)) return 'always'
  return asked.some(isHinting) ? 'on-request' : 'never'
}

function maximaOf(exchanges: readonly Exchange[]): readonly number[] {
  return exchanges.flatMap((exchange) => {
    const text = keepAliveOf(exchange)
    const max = text === null ? undefined : parseKeepAliveHeader(text).maxRequests
    return max === undefined ? [] : [max]
  })
}

function directionOf(maxima: readonly number[]): 'down' | 'not' {
  return maxima.every((max, index) => index === 0 || max < (maxima[index - 1] ?? 0))
    ? 'down'
    : 'not'
}

function judgeTimeout(
  announcedMs: number | null,
  idle: IdleFinding,
): HintFinding['timeoutVerdict'] {
  if (announcedMs === null) return 'unknown'
  const latestMs = announcedMs + TOLERANCE_MS
  switch (idle.kind) {
    case 'closed':
      if (idle.shortestMs < announcedMs - TOLERANCE_MS) return 'earlier'
      return idle.longestMs > latestMs ? 'later' : 'as-announced'
    case 'open':
      return idle.forMs > latestMs ? 'later' : 'unknown'
    case 'forgotten':
      return idle.atMostMs < announcedMs ? 'earlier' : 'unknown'
    default:
      return 'unknown'
  }
}

/** Judges `max`, which some servers count down, while others repeat the cap. */
function judgeMax(max: number | null, requests: RequestsFinding): HintFinding['maxVerdict'] {
  if (max === null) return 'unknown'
  if (requests.kind === 'none-seen') return requests.served > max + 1 ? 'more' : 'unknown'
  if (requests.kind !== 'cap') return 'unknown'
  if (requests.served < max) return 'fewer'
  return requests.served > max + 1 ? 'more' : 'as-announced'
}
