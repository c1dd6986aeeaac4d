import type { AddressRules } from './address-rules.ts'
import type { Answer } from './answer.ts'

/** For how long a failed lookup is not tried again. */
export const FAILURE_MS = 1000

/** A lookup that has not been answered for as long counts as failed: the next dial asks again. */
export const LOOKUP_PATIENCE_MS = 10_000

/** How old an answer may be. */
export type Freshness = Pick<AddressRules, 'refreshMs' | 'staleMs'>

/**
 * What is to be done about a name: use the answer, fail with the resolver's error, ask the resolver,
 * or wait for what it was asked already.
 */
export type LookupVerdict = 'answer' | 'error' | 'ask' | 'wait'

/** What a resolver last said of a name, for how long that serves, and whether it is being asked. */
export class LastAnswer {
  #answer: Answer | undefined
  #error: Error | undefined
  #failedAtMs = Number.NEGATIVE_INFINITY
  #askedAtMs: number | undefined

  get error(): Error | undefined {
    return this.#error
  }

  /** What a dial does at this instant. */
  judge(freshness: Freshness, nowMs: number): LookupVerdict {
    const answer = this.#answer
    if (answer !== undefined && nowMs < answer.atMs + freshness.refreshMs) return 'answer'
    if (nowMs < this.#failedAtMs + FAILURE_MS) {
      return this.fallback(freshness, nowMs) === undefined ? 'error' : 'answer'
    }
    return this.#isAwaited(nowMs) ? 'wait' : 'ask'
  }

  /** The last answer, where it may serve for want of a new one. */
  fallback({ refreshMs, staleMs }: Freshness, nowMs: number): Answer | undefined {
    const answer = this.#answer
    if (answer === undefined) return undefined
    return nowMs < answer.atMs + Math.max(refreshMs, staleMs) ? answer : undefined
  }

  /** The resolver is asked. */
  ask(nowMs: number): void {
    this.#askedAtMs = nowMs
  }

  /** The resolver has answered. */
  learn(answer: Answer): void {
    this.#answer = answer
    this.#error = undefined
    this.#failedAtMs = Number.NEGATIVE_INFINITY
    this.#askedAtMs = undefined
  }

  /** The resolver has failed. */
  fail(error: Error, nowMs: number): void {
    this.#error = error
    this.#failedAtMs = nowMs
    this.#askedAtMs = undefined
  }

  /** Since when the resolver has been asked in vain; `undefined` where it is not being asked. */
  get askedAtMs(): number | undefined {
    return this.#askedAtMs
  }

  #isAwaited(nowMs: number): boolean {
    return this.#askedAtMs !== undefined && nowMs < this.#askedAtMs + LOOKUP_PATIENCE_MS
  }
}
