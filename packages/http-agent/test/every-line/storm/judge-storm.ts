import type { StormRequest } from './storm-caller.ts'
import type { RequestLog } from './storm-server.ts'

/** What came of a request. */
export interface StormOutcome {
  readonly id: number
  readonly method: StormRequest['method']
  readonly error: Error | undefined
  readonly answer: string | undefined
}

/** What a client did in the storm; each but the first two is a list of complaints. */
export interface StormVerdict {
  readonly requestCount: number
  readonly failureCount: { readonly GET: number; readonly POST: number }
  /** Safe requests that failed although no byte of a response to them had been sent. */
  readonly lostSafe: readonly string[]
  /** POSTs that failed although the server never saw them. */
  readonly lostUnseen: readonly string[]
  /** POSTs that the server saw more than once. */
  readonly doublePosts: readonly string[]
  /** Answers that were another request's. */
  readonly wrongAnswers: readonly string[]
  /** Failures that say nothing of themselves, or something that the server's log contradicts. */
  readonly lies: readonly string[]
}

type Described = Partial<
  Record<'reusedSocket' | 'responseStarted' | 'safeToRetry' | 'replayed', boolean> & {
    readonly bytesWritten: number
  }
>

const UNSEEN: Omit<RequestLog, 'id'> = { seenCount: 0, isBegun: false }

/** What a failure says that is not so. */
const lieOf = (
  { error, method }: StormOutcome,
  log: Omit<RequestLog, 'id'>,
): string | undefined => {
  const { reusedSocket, responseStarted, safeToRetry, bytesWritten } = error as Described
  if (reusedSocket === undefined || bytesWritten === undefined) return 'says nothing'
  if (responseStarted && !log.isBegun) return 'says that a response began'
  if (bytesWritten === 0 && log.seenCount > 0) return 'says that nothing was written'
  if (method === 'POST' && safeToRetry && log.seenCount > 0) return 'says that a retry is safe'
  if (method === 'GET' && !safeToRetry) return 'says that a retry is not safe'
  return undefined
}

/** What `fetch` says of every failure stands in its cause. */
const messageOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message

const describe = ({ id, method, error }: StormOutcome): string =>
  `${method} ${id}: ${error === undefined ? 'answered' : messageOf(error)}`

/**
 * Holds what the client was told against what the server saw.
 *
 * @param describesFailures Whether errors are expected to say how far their requests had come.
 */
export const judgeStorm = (
  outcomes: readonly StormOutcome[],
  log: ReadonlyMap<number, RequestLog>,
  describesFailures: boolean,
): StormVerdict => {
  const failures = outcomes.filter(({ error }) => error !== undefined)
  const logOf = ({ id }: StormOutcome): Omit<RequestLog, 'id'> => log.get(id) ?? UNSEEN
  const isPost = ({ method }: StormOutcome): boolean => method === 'POST'
  return {
    requestCount: outcomes.length,
    failureCount: {
      GET: failures.filter((outcome) => !isPost(outcome)).length,
      POST: failures.filter(isPost).length,
    },
    lostSafe: failures
      .filter((outcome) => !(isPost(outcome) || logOf(outcome).isBegun))
      .map(describe),
    lostUnseen: failures
      .filter((outcome) => isPost(outcome) && logOf(outcome).seenCount === 0)
      .map(describe),
    doublePosts: outcomes
      .filter((outcome) => isPost(outcome) && logOf(outcome).seenCount > 1)
      .map(describe),
    wrongAnswers: outcomes
      .filter(({ id, answer }) => answer !== undefined && answer !== String(id))
      .map(describe),
    lies: failures.flatMap((outcome) => {
      if (!describesFailures) return []
      const lie = lieOf(outcome, logOf(outcome))
      return lie === undefined ? [] : [`${describe(outcome)} ${lie}`]
    }),
  }
}
