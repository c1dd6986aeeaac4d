import { expect } from 'vitest'
import { AddressBook, MAX_ADDRESSES } from '../src/addresses/address-book.ts'
import type { Answer } from '../src/addresses/answer.ts'
import { answerOf, BookedConnection } from './booked-connection.ts'
import { ReferenceAddressBook } from './reference-address-book.ts'

/** Steps that are listed twice are taken twice as often. */
export const BOOK_STEPS = [
  'learn',
  'dial',
  'dial',
  'dial',
  'fail',
  'fail',
  'succeed',
  'leave',
  'idle',
  'busy',
  'choose',
  'surplus',
  'wait',
] as const

export type BookStep = (typeof BOOK_STEPS)[number]

/** A book and its reference, told the same. */
export class AddressBookWalk {
  readonly #book: AddressBook<BookedConnection>
  readonly #reference: ReferenceAddressBook
  readonly #answers: Answer[]
  readonly #connections: BookedConnection[] = []
  readonly #spread: boolean
  #nowMs = 0
  #movedAtMs = Number.NEGATIVE_INFINITY
  #answerCount = 0

  constructor({ spread, answers }: { spread: boolean; answers: readonly [string[], boolean][] }) {
    const rules = { refreshMs: 5000, staleMs: 50_000, attemptTimeoutMs: 250, spread }
    this.#spread = spread
    this.#book = new AddressBook(rules)
    this.#reference = new ReferenceAddressBook(spread, MAX_ADDRESSES)
    // Some come late: another resolver has answered meanwhile.
    this.#answers = answers.map(([names, isLate], index) =>
      answerOf(isLate ? index - 2.5 : index, ...names),
    )
  }

  take(step: BookStep, choice: number): void {
    if (step === 'wait') this.#nowMs += choice % 9000
    else if (step === 'learn') this.#learn()
    else if (step === 'dial') this.#dial()
    else if (step === 'choose') this.#choose()
    else if (step === 'surplus') this.#takeSurplus()
    else if (this.#connections.length > 0) this.#touch(step, choice)
  }

  /** Each address and how many connections it has, as the book has it. */
  get entries(): [string, number][] {
    return [...this.#book.addresses].map(({ address, connections }) => [address, connections.size])
  }

  /** The same as the reference has it. */
  get expected(): [string, number][] {
    const { addresses, counts } = this.#reference
    return addresses.map((address, index) => [address, counts[index] as number])
  }

  get #answer(): Answer {
    return this.#answers[this.#answerCount % this.#answers.length] as Answer
  }

  #learn(): void {
    this.#answerCount++
    const gone = this.#book.learn(this.#answer)
    expect(gone.map(({ address }) => address)).toEqual(this.#reference.learn(this.#answer))
    // As the pool does: what is idle ends at once.
    for (const address of gone) for (const connection of [...address.idle]) this.#leave(connection)
  }

  #dial(): void {
    const connection = new BookedConnection()
    this.#connections.push(connection)
    const order = this.#book.dial(connection, this.#answer, () => true, this.#nowMs)
    expect(order.map(({ address }) => address)).toEqual(
      this.#reference.dial(connection, this.#answer, this.#nowMs),
    )
  }

  #choose(): void {
    const idle = [...this.#book.addresses].filter(({ idle: { size } }) => size > 0)
    const least = Math.min(...idle.map(({ busyCount }) => busyCount))
    const turns = idle.filter(({ busyCount }) => busyCount === least).map(({ turn }) => turn)
    const chosen = this.#book.choose()
    expect(chosen?.busyCount).toBe(idle.length === 0 ? undefined : least)
    expect(chosen?.turn ?? 1).toBeGreaterThan(Math.max(0, ...turns))
  }

  #takeSurplus(): void {
    const connection = this.#book.takeSurplus(this.#nowMs)
    if (connection === undefined) return
    expect(this.#spread).toBe(true)
    expect(this.#nowMs).toBeGreaterThanOrEqual(this.#movedAtMs + 5000)
    this.#movedAtMs = this.#nowMs
    const sizes = [...this.#book.addresses].map(({ connections }) => connections.size)
    const siblings = connection.address?.connections ?? new Set()
    expect(siblings.size - Math.min(...sizes)).toBeGreaterThanOrEqual(2)
    expect([...siblings][0]).toBe(connection)
    this.#leave(connection)
  }

  #touch(step: 'fail' | 'succeed' | 'leave' | 'idle' | 'busy', choice: number): void {
    const connection = this.#connections[choice % this.#connections.length] as BookedConnection
    if (step === 'leave') {
      this.#leave(connection)
    } else if (step === 'idle') {
      if (!(connection.isIdle || connection.address?.isGone)) connection.beIdle()
    } else if (step === 'busy') {
      connection.beBusy()
    } else {
      if (step === 'fail') connection.address?.fail(this.#nowMs)
      else connection.address?.succeed()
      this.#reference.tell(connection, step, this.#nowMs)
    }
  }

  #leave(connection: BookedConnection): void {
    connection.beBusy()
    this.#book.leave(connection)
    this.#reference.placed.delete(connection)
    this.#connections.splice(this.#connections.indexOf(connection), 1)
  }
}
