import dns from 'node:dns'
import type { LookupFunction } from 'node:net'
import type {
  AddressKeeper,
  AddressRules,
  Answer,
  Connection,
  OriginTarget,
  PoolRequest,
} from '@holdfast/core'
import { monotonicNowMs } from '../clock.ts'
import type { SocketCarrier } from '../socket-carrier.ts'
import { lookupCache } from './lookup-cache.ts'
import { type DialWishes, NamedDial } from './named-dial.ts'
import type { Question, Resolver } from './resolver.ts'

/**
 * How the dials of a pool get from names to addresses. Node's `net.connect` asks for the addresses of a
 * name by its option `lookup`; the one from here answers from the cache, with the address that the pool
 * has chosen, and has others tried beside it.
 */
export class NameDials<Transport extends SocketCarrier, Request extends PoolRequest> {
  readonly #rules: AddressRules
  readonly #addresses: AddressKeeper<Transport, Request>
  /** The connection whose dial begins within the present call. */
  #current: Connection<Transport, Request> | undefined
  /** How the name of each origin was last looked up. */
  readonly #questions: WeakMap<OriginTarget, Question> = new WeakMap()
  readonly #onLearned: () => void

  /** @param onLearned Called after the pool has been told of an answer that no dial waited for. */
  constructor(
    rules: AddressRules,
    addresses: AddressKeeper<Transport, Request>,
    onLearned: () => void,
  ) {
    this.#rules = rules
    this.#addresses = addresses
    this.#onLearned = onLearned
  }

  /** @param dial Begins the dial of the connection, within the call. */
  begin(connection: Connection<Transport, Request>, dial: () => void): void {
    const before = this.#current
    this.#current = connection
    try {
      dial()
    } finally {
      this.#current = before
    }
  }

  /** What `net.connect` is to have as its option `lookup`, where it has these options otherwise. */
  readonly lookupFor =
    (wishes: DialWishes): LookupFunction =>
    (host, options, callback) => {
      const resolver = (wishes.lookup ?? dns.lookup) as Resolver
      const connection = this.#current
      if (connection === undefined) {
        // Somebody dials beside the pool, with the options of one of its dials.
        resolver(host, options, callback)
        return
      }
      const { attemptTimeoutMs } = this.#rules
      const addresses = this.#addresses
      const isAll = options.all === true
      const question: Question = {
        resolver,
        host,
        family: Number(options.family ?? 0),
        hints: options.hints ?? 0,
        // Callers' own need not know of `all` where Node would not ask for that.
        isAll: isAll || wishes.lookup === undefined,
      }
      this.#lookUp(
        question,
        new NamedDial({ connection, addresses, host, wishes, attemptTimeoutMs, isAll, callback }),
        connection.origin.target,
      )
    }

  /** Looks the name of an origin up again, which the pool asks for. */
  refresh(target: OriginTarget): void {
    const question = this.#questions.get(target)
    if (question === undefined) return
    lookupCache.refresh(question, this.#rules, (_error, answer) => {
      if (answer === undefined) return
      this.#addresses.learn(target.key, answer, monotonicNowMs())
      this.#onLearned()
    })
  }

  #lookUp(question: Question, dial: NamedDial<Transport, Request>, target: OriginTarget): void {
    this.#questions.set(target, question)
    lookupCache.ask(question, this.#rules, this.#rules.attemptTimeoutMs, (error, answer) => {
      if (error === null) dial.begin(answer as Answer)
      else dial.fail(error)
    })
  }
}
