import type { AddressRules } from './address-rules.ts'
import type { Answer } from './answer.ts'

/** The time for which a failed lookup is not tried again. */
export const FAILURE_MS = 1000

/** The time after which an unanswered lookup counts as failed: the next dial asks again. */
export const LOOKUP_PATIENCE_MS = 10_000

/** Limits on the age of an answer. */
export type Freshness = Pick<AddressRules, 'refreshMs' | 'staleMs'>

/**
 * The next step for a dial: use the answer, fail with the resolver's error, ask the resolver, or
 * wait for the lookup in progress.
 */
export type LookupVerdict = 'answer' | 'error' | 'ask' | 'wait'

/** The last answer or error of a resolver for a name, with the lookup in progress. */
export class LastAnswer {
  #answer: Answer | undefined
  #error: Error | undefined
  #failedAtMs = Number.NEGATIVE_INFINITY
  #askedAtMs: number | undefined

  get error(): Error | undefined {
    return this.#error
  }

  /** Decides the next step for a dial. */
  judge(freshness: Freshness, nowMs: number): LookupVerdict {
    const answer = this.#answer
    if (answer !== undefined && nowMs < answer.atMs + freshness.refreshMs) return 'answer'
    if (nowMs < this.#failedAtMs + FAILURE_MS) {
      return this.fallback(freshness, nowMs) === undefined ? 'error' : 'answer'
    }
    return this.#isAwaited(nowMs) ? 'wait' : 'ask'
  }

  /** Returns the last answer, where it may serve while no new one comes. */
  fallback({ refreshMs, staleMs }: Freshness, nowMs: number): Answer | undefined {
    const answer = this.#answer
    if (answer === undefined) return undefined
    return nowMs < answer.atMs + Math.max(refreshMs, staleMs) ? answer : undefined
  }

  /** Records that the resolver is asked. */
  ask(nowMs: number): void {
    this.#askedAtMs = nowMs
  }

  /** Records the resolver's answer. */
  learn(answer: Answer): void {
    this.#answer = answer
    this.#error = undefined
    this.#failedAtMs = Number.NEGATIVE_INFINITY
    this.#askedAtMs = undefined
  }

  /** Records the resolver's error. */
  fail(error: Error, nowMs: number): void {
    this.#error = error
    this.#failedAtMs = nowMs
    this.#askedAtMs = undefined
  }

  /** Start of the lookup in progress; `undefined` where there is none. */
  get askedAtMs(): number | undefined {
    return this.#askedAtMs
  }

  #isAwaited(nowMs: number): boolean {
    return this.#askedAtMs !== undefined && nowMs < this.#askedAtMs + LOOKUP_PATIENCE_MS
  }
}
