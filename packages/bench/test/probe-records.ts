import type {
  Answer,
  Asked,
  ConnectionRecord,
  Ending,
  Exchange,
  IdleWait,
  NoAnswer,
  Observations,
} from '../src/probe/observing/observation.ts'

export const ANSWER: Answer = {
  kind: 'answer',
  status: 200,
  httpVersion: '1.1',
  connection: 'keep-alive',
  keepAlive: null,
  server: null,
  location: null,
}

export const LAST_ANSWER: Answer = { ...ANSWER, connection: 'close' }

/**
 * Exchanges every `everyMs`, each answered within a millisecond, of which every second asks for
 * keepalive.
 */
export function exchangesOf(answers: readonly (Answer | NoAnswer)[], everyMs = 50): Exchange[] {
  return answers.map((result, index) => {
    const asked: Asked = index % 2 === 0 ? 'keep-alive' : undefined
    return { asked, sentMs: index * everyMs, endedMs: index * everyMs + 1, result }
  })
}

export function recordOf(
  exchanges: readonly Exchange[],
  ending: Ending | null,
  watchedUntilMs: number = ending?.atMs ?? exchanges.at(-1)?.endedMs ?? 0,
): ConnectionRecord {
  return { openedMs: 0, watchedUntilMs, exchanges, ending, strayBytes: 0 }
}

/** Idle connection that its peer ended after so long. */
export function endedIdle(idleMs: number, how: Ending['how'] = 'fin', answer = ANSWER): IdleWait {
  const exchanges = exchangesOf([answer])
  return { connection: recordOf(exchanges, { how, atMs: idleMs + 1 }), askedAgain: null }
}

/** Idle connection that looked open after so long, with the result of the request then. */
export function openIdle(idleMs: number, askedAgain: IdleWait['askedAgain'] = ANSWER): IdleWait {
  return { connection: recordOf(exchangesOf([ANSWER]), null, idleMs + 1), askedAgain }
}

/**
 * Connection on which requests were counted until its peer ended it, or until there were enough.
 */
export function counted(
  served: number,
  {
    answer = ANSWER,
    last = answer,
    ends = true,
    everyMs = 50,
  }: { answer?: Answer; last?: Answer; ends?: boolean; everyMs?: number } = {},
): ConnectionRecord {
  const answers = Array.from({ length: served }, (_, i) => (i === served - 1 ? last : answer))
  const exchanges = exchangesOf(answers, everyMs)
  const atMs = (exchanges.at(-1)?.endedMs ?? 0) + 1
  return recordOf(exchanges, ends ? { how: 'fin', atMs } : null, atMs)
}

export function observationsOf(some: Partial<Observations>): Observations {
  return {
    address: '127.0.0.1',
    idle: [openIdle(80_000)],
    lateRequest: null,
    counted: [],
    closing: null,
    tls: null,
    refusals: [],
    interrupted: false,
    ...some,
  }
}
