import type { CloseReason } from '../src/connection/close-reason.ts'
import type { Pool } from '../src/pool.ts'
import { failureOf } from '../src/request/request-failure.ts'
import type { RequestRegistry } from '../src/request/request-registry.ts'
import { thrown } from './connection-news.ts'
import type { ConnectionPair, RequestPair } from './pool-differences.ts'
import type { TestConnection } from './recording-effects.ts'
import type { ReferencePool } from './reference-pool.ts'
import { currentOf, type Report, report, stateNameOf } from './reference-request.ts'
import type { RequestWitness } from './request-witness.ts'
import type { TestRequest } from './test-request.ts'

/** What was said of both, by the pool and by the reference. */
export interface Said {
  readonly actual: readonly string[]
  readonly expected: readonly string[]
}

/** How a connection dies. */
interface Blow {
  readonly reason: CloseReason
  readonly nowMs: number
  /** Chooses what else is true of it. */
  readonly choice: number
}

const SAYING: Readonly<
  Record<
    Report,
    (requests: RequestRegistry<TestRequest>, request: TestRequest, nowMs: number) => void
  >
> = {
  doubted: (requests, request) => requests.check(request),
  passed: (requests, request) => requests.pass(request),
  completed: (requests, request) => requests.complete(request),
  answered: (requests, request, nowMs) => requests.answer(request, nowMs),
  aborted: (requests, request, nowMs) => requests.abort(request, nowMs),
}

/** Tells how far a request has come; what the pool throws is returned. */
export const say = (
  requests: RequestRegistry<TestRequest>,
  request: TestRequest,
  what: Report,
  nowMs: number,
): string[] => thrown(() => SAYING[what](requests, request, nowMs))

/**
 * Writes nothing, a part or all of requests to their connections, as sockets would, and tells the pool and
 * the reference of it; the witness sees what really happens.
 */
export class ModelledSender {
  readonly #pool: Pool<undefined, TestRequest>
  readonly #reference: ReferencePool
  readonly #witness: RequestWitness

  constructor(
    pool: Pool<undefined, TestRequest>,
    reference: ReferencePool,
    witness: RequestWitness,
  ) {
    this.#pool = pool
    this.#reference = reference
    this.#witness = witness
  }

  /** Reports it, whether it can be or not; what is not refused is also true. */
  report(
    { actual, expected }: RequestPair,
    what: Report,
    connection: TestConnection | undefined,
    nowMs: number,
  ): Said {
    const said = {
      actual: say(this.#pool.requests, actual, what, nowMs),
      expected: thrown(() => report(expected, what)),
    }
    if (said.actual.length > 0) return said
    if (what === 'completed' && connection !== undefined) {
      this.#witness.wrote(actual, connection, true)
    }
    if (what === 'aborted') this.#witness.tell(actual, what)
    return said
  }

  /** The next thing that may happen to a request that has the connection, one out of three. */
  nextReport(
    { actual, expected }: RequestPair,
    connection: TestConnection,
    choice: number,
  ): Report | undefined {
    const state = stateNameOf(expected)
    if (state === 'granted') return choice % 3 === 0 ? 'doubted' : 'passed'
    if (state === 'checking') return 'passed'
    if (state === 'sent') return 'answered'
    if (state === 'answering') return currentOf(expected)?.isWhole ? undefined : 'completed'
    if (choice % 3 === 0) return 'answered'
    if (choice % 3 === 1) return 'completed'
    this.#witness.wrote(actual, connection, false)
    return undefined
  }

  /** The connection dies under its request: the pool and the reference hear the truth about it. */
  lose(
    { actual: connection, expected }: ConnectionPair,
    { actual: request, expected: known }: RequestPair,
    { choice, nowMs, reason }: Blow,
  ): Said {
    const attempt = currentOf(known)
    if (choice % 5 === 0) this.#witness.refused(request, connection)
    const isUnwritten = choice % 5 === 0 || this.#witness.isUnwritten(request, connection)
    const loss = { isUnwritten, isRepeatable: choice % 4 !== 1 }
    const isHopeless = known.isDoomed || attempt?.isAnswered === true
    const verdict = this.#pool.lose(connection, loss, reason, nowMs)
    this.#witness.judged(request, connection, loss, { verdict, isHopeless })
    const said = {
      actual: [`verdict ${verdict}`],
      expected: [`verdict ${this.#reference.lose(expected, loss, reason, nowMs)}`],
    }
    if (verdict === 'fail' && attempt !== undefined) this.#tellFailure(request, connection, nowMs)
    return said
  }

  /** The caller of a request hears of an error. */
  #tellFailure(request: TestRequest, connection: TestConnection, nowMs: number): void {
    const failure = failureOf({
      request,
      reusedSocket: connection.isReused,
      bytesWritten: this.#witness.isUnwritten(request, connection) ? 0 : 1,
      responseStarted: request.answeredAtMs !== undefined,
      replayed: request.isResent,
    })
    this.#pool.tellFailure(request, failure, nowMs)
    this.#reference.note('failures', request.target.key)
  }
}
