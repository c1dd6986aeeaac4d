import type { CloseReason } from '../src/connection/close-reason.ts'
import type { PoolEvent } from '../src/connection/events.ts'
import type { OriginStats } from '../src/connection/stats.ts'
import type { Look } from '../src/effects.ts'
import { HoldfastError } from '../src/errors.ts'
import type { Caps } from '../src/options/caps.ts'
import { parseKeepAliveHeader } from '../src/policies/keep-alive-header.ts'
import type { Loss } from '../src/request/request-registry.ts'
import { PoolHarness } from './pool-harness.ts'
import type { Scenario } from './scenario.ts'

/** A line of a scenario's table: what happens, and what the pool makes happen. */
export interface ScenarioLine {
  readonly step: string
  readonly effects: readonly string[]
}

const RANGE = /(?<prefix>[a-z]*)(?<from>\d+)\.\.[a-z]*(?<to>\d+)/gu

/** `dial 1..2 for r1..r2` becomes `dial 1 for r1` and `dial 2 for r2`. */
const expand = (text: string): string[] => {
  const [range] = text.matchAll(RANGE)
  const from = Number(range?.groups?.['from'])
  const count = Number(range?.groups?.['to']) - from + 1
  if (range === undefined) return [text]
  return Array.from({ length: count }, (_, index) =>
    text.replaceAll(
      RANGE,
      (_match, prefix: string, first: string) => prefix + (Number(first) + index),
    ),
  )
}

/** Commas separate effects, but not within the text of an error. */
const listed = (text: string): string[] =>
  text
    .split(/,\s+(?![^(]*\))/u)
    .filter((entry) => entry !== '')
    .flatMap(expand)
    .flatMap((entry) => entry.split(' + '))

export const linesOf = ({ steps }: Scenario): ScenarioLine[] =>
  steps
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [step = '', effects = ''] = line.split(/\s*->\s*/u)
      return { step, effects: listed(effects) }
    })

const COMMAND =
  /^(?<verb>peer closes|server says|peek finds|busy until|[a-z]+)\s*(?<subject>.*?)(?:\s*\((?<detail>.*)\))?$/u

const REACTION = /^when (?<effect>.*), (?<reaction>.*)$/u

/** Plays the steps of a scenario, one after the other. */
export class ScenarioPlayer {
  readonly harness: PoolHarness
  readonly #peeks: Map<number, Look> = new Map()
  /** What happens within which effect. */
  readonly #reactions: Map<string, string> = new Map()

  constructor({ options = {} }: Scenario) {
    const { births = [0], lingers = false, ...rest } = options
    let birthCount = 0
    this.harness = new PoolHarness({
      ...rest,
      random: () => births[birthCount++ % births.length] ?? 0,
      reactions: {
        dial: ({ id }, request) => this.#react(`dial ${id} for ${request}`),
        takeBack: (request, { id }) => this.#react(`take back ${request} from ${id}`),
        close: ({ id }, reason) => this.#react(`close ${id}: ${reason}`),
        linger: ({ id }) => this.#react(`linger ${id}`),
        mayLinger: () => lingers,
        grant: (request, { id }) => this.#react(`grant ${id} to ${request}`),
        reject: (request) => this.#react(`reject ${request}`),
        peek: ({ id }) => this.#peeks.get(id),
      },
    })
  }

  /** The effects that never came within which something was to happen. */
  get missed(): string[] {
    return [...this.#reactions.keys()]
  }

  /** Takes the step. What comes of it: effects, answers, or an error's code. */
  play(step: string): string[] {
    const answers = this.#attempt(step)
    return [...this.harness.takeLog(), ...answers]
  }

  #attempt(step: string): string[] {
    try {
      return this.#do(step)
    } catch (error) {
      if (error instanceof HoldfastError) return [`throws ${error.code}`]
      throw error
    }
  }

  #react(effect: string): void {
    const step = this.#reactions.get(effect)
    this.#reactions.delete(effect)
    if (step !== undefined) this.#do(step)
  }

  #do(step: string): string[] {
    const { effect, reaction } = REACTION.exec(step)?.groups ?? {}
    if (effect !== undefined && reaction !== undefined) {
      this.#reactions.set(effect, reaction)
      return []
    }
    const { verb = '', subject = '', detail } = COMMAND.exec(step)?.groups ?? {}
    const isOne = subject === '' || verb === 'server says'
    const subjects = isOne ? [subject] : subject.split(/\s*,\s*/u).flatMap(expand)
    const act = ACTIONS[verb]
    const ask = QUESTIONS[verb]
    if (ask !== undefined) return subjects.flatMap((each) => ask(this.harness, each, detail))
    if (act === undefined) throw new Error(`nobody knows what “${step}” means`)
    for (const each of subjects) act(this, each, detail)
    return []
  }

  lease(subject: string, method = 'GET'): void {
    const [request = '', origin = 'a'] = subject.split(' of ')
    this.harness.lease(request, origin, { method })
  }

  find(subject: string): void {
    const [look = '', id] = subject.split(' at ')
    this.#peeks.set(Number(id), look as Look)
  }
}

/** What is known of a request whose connection is lost, by a word for it. */
const LOSSES: Readonly<Record<string, Loss>> = {
  unwritten: { isUnwritten: true, isRepeatable: true },
  sent: { isUnwritten: false, isRepeatable: true },
  streamed: { isUnwritten: false, isRepeatable: false },
}

type Action = (player: ScenarioPlayer, subject: string, detail: string | undefined) => void

const lossOf = (how = ''): Loss => {
  const loss = LOSSES[how]
  if (loss === undefined) throw new Error(`nobody knows how a request is lost “${how}”`)
  return loss
}

type Question = (harness: PoolHarness, subject: string, detail: string | undefined) => string[]

const QUESTIONS: Readonly<Record<string, Question>> = {
  // Where the request goes on, the effects say so.
  lose: (harness, id, how) => (harness.lose(Number(id), lossOf(how)) === 'fail' ? ['fails'] : []),
  state: (harness, name) => [
    /^\d+$/u.test(name) ? harness.stateOf(Number(name)) : harness.request(name).stateName,
  ],
  count: (harness, name) => [String(harness.stats[name as keyof OriginStats])],
  origins: (harness) => [...harness.pool.origins.keys()],
  deadline: (harness) => [String(harness.pool.nextDeadlineMs)],
  error: (harness, request) => [String(harness.effects.errors.get(request)?.message)],
  events: (harness) => harness.takeEvents().map(describeEvent),
}

const ACTIONS: Readonly<Record<string, Action>> = {
  lease: (player, subject, method) => player.lease(subject, method),
  warm: ({ harness }, subject) => {
    const [count, origin = 'a'] = subject.split(' of ')
    harness.warm(Number(count), origin)
  },
  cancel: ({ harness }, name) => harness.cancel(harness.request(name)),
  check: ({ harness }, name) => harness.pool.requests.check(harness.request(name)),
  pass: ({ harness }, name) => harness.pool.requests.pass(harness.request(name)),
  complete: ({ harness }, name) => harness.pool.requests.complete(harness.request(name)),
  answer: ({ harness }, name) => harness.pool.requests.answer(harness.request(name), harness.nowMs),
  abort: ({ harness }, name) => harness.pool.requests.abort(harness.request(name), harness.nowMs),
  open: ({ harness }, id) => harness.open(Number(id)),
  fail: ({ harness }, id, error) => harness.fail(Number(id), error),
  release: ({ harness }, id) => harness.release(Number(id)),
  detach: ({ harness }, id) => harness.detach(Number(id)),
  retire: ({ harness }, id, reason) => harness.retire(Number(id), reason as CloseReason),
  'peer closes': ({ harness }, id, reason) => harness.closed(Number(id), reason as CloseReason),
  gone: ({ harness }, id) => {
    if (harness.connection(Number(id)).hasOpened) harness.closed(Number(id))
    else harness.fail(Number(id), 'given up')
  },
  'server says': ({ harness }, subject) => {
    const [id, header = ''] = subject.split(': ')
    harness.connection(Number(id)).applyHint(parseKeepAliveHeader(header))
  },
  'peek finds': (player, subject) => player.find(subject),
  at: ({ harness }, nowMs) => harness.advanceTo(Number(nowMs)),
  'busy until': ({ harness }, nowMs) => {
    harness.nowMs = Number(nowMs)
  },
  caps: ({ harness }, change) => {
    const [cap, value] = change.split('=')
    harness.caps[cap as keyof Caps] = Number(value)
  },
  drain: ({ harness }) => harness.drain(),
  refuse: ({ harness }) => harness.pool.refuseWaiters(harness.nowMs),
  destroy: ({ harness }) => harness.destroy(),
}

const describeEvent = (event: PoolEvent): string => {
  if (event.type === 'request:queued') return `queued ${event.queuedCount}`
  if (event.type === 'request:rejected') return `rejected ${event.code}`
  if (event.type === 'request:leased') return `leased ${event.connectionId}`
  if (!('connectionId' in event)) return `${event.type} ${event.address}`
  const reason = 'reason' in event ? `: ${event.reason}` : ''
  return `${event.type.replace('connection:', '')} ${event.connectionId}${reason}`
}
