import { AsyncResource } from 'node:async_hooks'
import { type Answer, type Freshness, LastAnswer, LOOKUP_PATIENCE_MS } from '@holdfast/core'
import { monotonicNowMs } from '../clock.ts'
import { publishProcessEvent } from '../observe/diagnostics.ts'
import { realTime } from '../real-time.ts'
import { codeOf } from './attempt-error.ts'
import { readAnswer } from './read-answer.ts'
import type { Question, Resolver, ResolverCallback } from './resolver.ts'

/** How many names of one resolver are remembered; the one asked for longest ago is forgotten first. */
const MAX_NAMES = 10_000

/** How many names are looked up at once that no dial waits for. */
export const MAX_BACKGROUND_LOOKUPS = 2

/** Gets the answer, or the error of the resolver. */
export type AnswerCallback = (error: Error | null, answer?: Answer) => void

interface Name {
  readonly last: LastAnswer
  /** Those who get whatever is answered next. */
  readonly waiting: Set<AnswerCallback>
  /** Which lookup counts; one that comes in after a later one began is dropped. */
  lookupCount: number
}

/**
 * What resolvers have answered, for all agents and dispatchers of the process. Who asks for a name that
 * is being looked up waits for that lookup, so that there is one at a time for a name.
 */
export class LookupCache {
  /** By resolver; one that nobody uses any more takes its names with it. */
  readonly #names: WeakMap<Resolver, Map<string, Name>> = new WeakMap()
  /** Lookups that no dial waits for, and that are not begun yet. */
  readonly #queue: Set<() => void> = new Set()
  #backgroundCount = 0

  /**
   * Answers as {@link AddressRules} say: with what is known, or once the resolver has answered. Never
   * within the call.
   *
   * @param patienceMs How long an outdated answer waits for a new one.
   */
  ask(
    question: Question,
    freshness: Freshness,
    patienceMs: number,
    callback: AnswerCallback,
  ): void {
    const nowMs = monotonicNowMs()
    const name = this.#nameOf(question)
    const { last } = name
    const verdict = last.judge(freshness, nowMs)
    const fallback = last.fallback(freshness, nowMs)
    if (verdict === 'answer') {
      realTime.nextTick(callback, null, fallback)
      return
    }
    if (verdict === 'error') {
      realTime.nextTick(callback, copyOf(last.error as Error))
      return
    }
    if (verdict === 'ask') this.#lookUp(name, question, nowMs, false)
    const waitedMs = nowMs - (last.askedAtMs ?? nowMs)
    if (fallback === undefined) this.#wait(name, callback)
    else if (waitedMs < patienceMs)
      this.#waitAtMost(name, patienceMs - waitedMs, fallback, callback)
    else realTime.nextTick(callback, null, fallback)
  }

  /**
   * Looks a name up that no dial waits for, where its answer is older than `refreshMs`; at most two of
   * them at a time.
   */
  refresh(question: Question, freshness: Freshness, callback: AnswerCallback): void {
    const begin = (): void => {
      const nowMs = monotonicNowMs()
      const name = this.#nameOf(question)
      const verdict = name.last.judge(freshness, nowMs)
      if (verdict === 'answer') {
        const answer = name.last.fallback(freshness, nowMs)
        realTime.nextTick(callback, null, answer)
        this.#beginNext()
        return
      }
      this.#backgroundCount++
      let isOver = false
      const end = (): void => {
        if (isOver) return
        isOver = true
        realTime.clearTimeout(patience)
        this.#backgroundCount--
        this.#beginNext()
      }
      // A resolver that never answers must not keep all other names from being looked up.
      const patience = realTime.setTimeout(end, LOOKUP_PATIENCE_MS)
      patience.unref()
      name.waiting.add((error, answer) => {
        end()
        callback(error, answer)
      })
      if (verdict !== 'wait') this.#lookUp(name, question, nowMs, true)
    }
    this.#queue.add(begin)
    this.#beginNext()
  }

  #beginNext(): void {
    if (this.#backgroundCount >= MAX_BACKGROUND_LOOKUPS) return
    const [begin] = this.#queue
    if (begin === undefined) return
    this.#queue.delete(begin)
    begin()
  }

  #nameOf({ resolver, host, family, hints, isAll }: Question): Name {
    let names = this.#names.get(resolver)
    if (names === undefined) {
      names = new Map()
      this.#names.set(resolver, names)
    }
    const key = `${family} ${hints} ${isAll} ${host}`
    const name: Name = names.get(key) ?? {
      last: new LastAnswer(),
      waiting: new Set(),
      lookupCount: 0,
    }
    names.delete(key)
    names.set(key, name)
    const [oldest] = names.keys()
    if (names.size > MAX_NAMES) names.delete(oldest as string)
    return name
  }

  /** Each dial goes on in the asynchronous context that it began in, whoever asked the resolver. */
  #wait(name: Name, callback: AnswerCallback): AnswerCallback {
    const bound = AsyncResource.bind(callback, 'HOLDFAST_LOOKUP')
    name.waiting.add(bound)
    return bound
  }

  #waitAtMost(name: Name, delayMs: number, fallback: Answer, callback: AnswerCallback): void {
    const waiter = this.#wait(name, (error, answer) => {
      realTime.clearTimeout(timer)
      // While the resolver fails, the last answer serves.
      if (error === null) callback(null, answer)
      else callback(null, fallback)
    })
    const timer = realTime.setTimeout(() => {
      name.waiting.delete(waiter)
      callback(null, fallback)
    }, delayMs)
  }

  #lookUp(name: Name, question: Question, nowMs: number, isBackground: boolean): void {
    const { family, hints, host, isAll, resolver } = question
    name.last.ask(nowMs)
    const lookup = ++name.lookupCount
    const settle: ResolverCallback = (error, answered) => {
      // It has answered twice, or after so long a time that it was asked again.
      if (name.lookupCount !== lookup || name.last.askedAtMs === undefined) return
      const answeredAtMs = monotonicNowMs()
      const answer = error ?? readAnswer(answered, host, answeredAtMs)
      if (answer instanceof Error) name.last.fail(answer, answeredAtMs)
      else name.last.learn(answer)
      publishProcessEvent({
        type: 'name:looked_up',
        name: host,
        atMs: answeredAtMs,
        lookupMs: answeredAtMs - nowMs,
        addressCount: answer instanceof Error ? 0 : answer.addresses.length,
        code: answer instanceof Error ? codeOf(answer) : undefined,
        isBackground,
      })
      tellAll(name, answer)
    }
    let isWithinCall = true
    const settleLater: ResolverCallback = (...answered) => {
      // Who asks has to be there before it is told.
      if (isWithinCall) realTime.nextTick(settle, ...answered)
      else settle(...answered)
    }
    try {
      resolver(host, isAll ? { family, hints, all: true } : { family, hints }, settleLater)
    } catch (error) {
      settleLater(error as Error, [])
    }
    isWithinCall = false
  }
}

/** The one cache of the process. */
export const lookupCache: LookupCache = new LookupCache()

/** Callbacks may ask again. */
const tellAll = ({ waiting }: Name, answer: Answer | Error): void => {
  const callbacks = [...waiting]
  waiting.clear()
  for (const [index, callback] of callbacks.entries()) {
    if (answer instanceof Error) callback(index === 0 ? answer : copyOf(answer))
    else callback(null, answer)
  }
}

/** Those who get an error write to it what became of their request, so that each has one of its own. */
const copyOf = (error: Error): Error => {
  const copy = new Error(error.message, { cause: error })
  copy.name = error.name
  return Object.assign(copy, error)
}
