import { describe, expect, it } from 'vitest'
import { answerOf, BookedConnection } from '../../test/booked-connection.ts'
import type { Address } from './address.ts'
import { AddressBook, MAX_ADDRESSES } from './address-book.ts'
import { ADDRESS_LIMITS } from './address-rules.ts'

const RULES = {
  refreshMs: ADDRESS_LIMITS.refreshMs.default,
  staleMs: ADDRESS_LIMITS.staleMs.default,
  attemptTimeoutMs: ADDRESS_LIMITS.attemptTimeoutMs.default,
  spread: true,
}

const createBook = (rules = RULES): AddressBook<BookedConnection> => new AddressBook(rules)

const namesOf = (addresses: Iterable<Address<BookedConnection>>): string[] =>
  [...addresses].map(({ address }) => address)

const dials = (
  book: AddressBook<BookedConnection>,
  count: number,
  answer: ReturnType<typeof answerOf>,
  nowMs = 0,
): BookedConnection[] =>
  Array.from({ length: count }, () => {
    const connection = new BookedConnection()
    book.dial(connection, answer, () => true, nowMs)
    return connection
  })

const countsOf = (book: AddressBook<BookedConnection>): number[] =>
  [...book.addresses].map(({ connections }) => connections.size)

describe('a dial', () => {
  it('goes to the address with the fewest connections, in the order of the resolver', () => {
    const book = createBook()
    const connections = dials(book, 5, answerOf(0, '192.0.2.3', '192.0.2.1', '192.0.2.2'))
    expect(connections.map(({ address }) => address?.address)).toEqual([
      '192.0.2.3',
      '192.0.2.1',
      '192.0.2.2',
      '192.0.2.3',
      '192.0.2.1',
    ])
  })

  it('goes where the last ones went that ended', () => {
    const book = createBook()
    const answer = answerOf(0, '192.0.2.1', '192.0.2.2')
    const [first] = dials(book, 4, answer) as [BookedConnection]
    book.leave(first)
    const [next] = dials(book, 1, answer)
    expect(next?.address?.address).toBe('192.0.2.1')
  })

  it('stays in the family that comes first', () => {
    const book = createBook()
    const answer = answerOf(0, '2001:db8::1', '192.0.2.1', '2001:db8::2')
    const connections = dials(book, 6, answer)
    expect(new Set(connections.map(({ address }) => address?.family))).toEqual(new Set([6]))
    expect(namesOf(book.dial(new BookedConnection(), answer, () => true, 0))).toEqual([
      '2001:db8::1',
      '2001:db8::2',
      '192.0.2.1',
    ])
  })

  it('goes to the other family where the first one fails', () => {
    const book = createBook()
    const answer = answerOf(0, '2001:db8::1', '192.0.2.1')
    const [first] = dials(book, 1, answer) as [BookedConnection]
    first.address?.fail(10)
    expect(namesOf(book.dial(new BookedConnection(), answer, () => true, 10))).toEqual([
      '192.0.2.1',
      '2001:db8::1',
    ])
  })

  it('passes over an address that failed, but never all of them', () => {
    const book = createBook()
    const answer = answerOf(0, '192.0.2.1', '192.0.2.2')
    const [one, other] = dials(book, 2, answer) as [BookedConnection, BookedConnection]
    one.address?.fail(0)
    expect(dials(book, 3, answer).map(({ address }) => address?.address)).toEqual(
      new Array(3).fill('192.0.2.2'),
    )
    other.address?.fail(0)
    expect(namesOf(book.dial(new BookedConnection(), answer, () => true, 1))).toEqual([
      '192.0.2.1',
      '192.0.2.2',
    ])
  })
})

describe('the address of a dial', () => {
  it('follows the order of the resolver alone where connections are not spread', () => {
    const book = createBook({ ...RULES, spread: false })
    const connections = dials(book, 3, answerOf(0, '192.0.2.2', '192.0.2.1'))
    expect(connections.map(({ address }) => address?.address)).toEqual(
      new Array(3).fill('192.0.2.2'),
    )
  })

  it('takes no part in an address that the connection has left for another one', () => {
    const book = createBook()
    const [connection] = dials(book, 1, answerOf(0, '192.0.2.1', '192.0.2.2')) as [BookedConnection]
    const [, other] = [...book.addresses]
    book.place(connection, other as Address<BookedConnection>)
    expect(countsOf(book)).toEqual([0, 1])
    book.leave(connection)
    expect(countsOf(book)).toEqual([0, 0])
  })
})

describe('an address that answers lack', () => {
  const both = ['192.0.2.1', '192.0.2.2'] as const

  it('is gone after two in a row', () => {
    const book = createBook()
    book.learn(answerOf(0, ...both))
    expect(book.learn(answerOf(1, '192.0.2.2'))).toEqual([])
    const gone = book.learn(answerOf(2, '192.0.2.2'))
    expect(namesOf(gone)).toEqual(['192.0.2.1'])
    expect(gone[0]?.isGone).toBe(true)
    expect(namesOf(book.addresses)).toEqual(['192.0.2.2'])
  })

  it('gets no dial after the first one', () => {
    const book = createBook()
    book.learn(answerOf(0, ...both))
    const [connection] = dials(book, 1, answerOf(1, '192.0.2.2'))
    expect(connection?.address?.address).toBe('192.0.2.2')
  })

  it('stays where it is back in the second one', () => {
    const book = createBook()
    book.learn(answerOf(0, ...both))
    book.learn(answerOf(1, '192.0.2.2'))
    book.learn(answerOf(2, ...both))
    expect(book.learn(answerOf(3, '192.0.2.2'))).toEqual([])
  })

  it('is not missed twice by the same answer, nor by an older one', () => {
    const book = createBook()
    const lacking = answerOf(5, '192.0.2.2')
    const older = answerOf(4, '192.0.2.2')
    book.learn(answerOf(0, ...both))
    expect(book.learn(lacking)).toEqual([])
    expect(book.learn(older)).toEqual([])
    expect(book.learn(lacking)).toEqual([])
    expect(book.answeredAtMs).toBe(5)
  })

  it('begins anew where it comes back after it was gone', () => {
    const book = createBook()
    dials(book, 1, answerOf(0, '192.0.2.1'))
    book.learn(answerOf(1, '192.0.2.2'))
    const [gone] = book.learn(answerOf(2, '192.0.2.2'))
    book.learn(answerOf(3, ...both))
    const [, again] = [...book.addresses]
    expect(again?.address).toBe('192.0.2.1')
    expect(again).not.toBe(gone)
    expect(again?.connections.size).toBe(0)
  })
})

describe('an answer of very many addresses', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `2001:db8::${index.toString(16)}`)

  it('is used in part', () => {
    const book = createBook()
    expect(book.dial(new BookedConnection(), answerOf(0, ...many), () => true, 0)).toHaveLength(
      MAX_ADDRESSES,
    )
  })

  it('has none of them gone when it comes in another order', () => {
    const book = createBook()
    book.learn(answerOf(0, ...many))
    for (let atMs = 1; atMs < 5; atMs++) {
      expect(book.learn(answerOf(atMs, ...many.toReversed()))).toEqual([])
    }
  })

  it('gives way to one that has none of them', () => {
    const book = createBook()
    book.learn(answerOf(0, ...many))
    const gone = book.learn(answerOf(1, '192.0.2.1', '192.0.2.2'))
    expect(gone).toHaveLength(1)
    const [connection] = dials(book, 1, answerOf(1, '192.0.2.1', '192.0.2.2'))
    expect(connection?.address?.address).toBe('192.0.2.1')
    expect([...book.addresses]).toHaveLength(MAX_ADDRESSES)
  })
})

describe('an idle connection', () => {
  it('is taken from the address with the fewest requests in progress', () => {
    const book = createBook()
    const connections = dials(book, 4, answerOf(0, '192.0.2.1', '192.0.2.2'))
    const [first, second, third] = connections as [
      BookedConnection,
      BookedConnection,
      BookedConnection,
    ]
    first.beIdle()
    second.beIdle()
    third.beIdle()
    expect(book.choose()?.address).toBe('192.0.2.1')
    third.beBusy()
    first.beBusy()
    expect(book.choose()?.address).toBe('192.0.2.2')
  })

  it('is taken from each in turn where they are equally busy', () => {
    const book = createBook()
    for (const connection of dials(book, 3, answerOf(0, '192.0.2.1', '192.0.2.2', '192.0.2.3'))) {
      connection.beIdle()
    }
    const chosen = Array.from({ length: 6 }, () => book.choose()?.address)
    expect(new Set(chosen.slice(0, 3)).size).toBe(3)
    expect(chosen.slice(3)).toEqual(chosen.slice(0, 3))
  })

  it('is not looked for where there is none', () => {
    const book = createBook()
    dials(book, 2, answerOf(0, '192.0.2.1'))
    expect(book.choose()).toBeUndefined()
  })
})

describe('a connection to be moved', () => {
  const two = ['192.0.2.1', '192.0.2.2'] as const
  const three = [...two, '192.0.2.3'] as const

  const grow = (): [AddressBook<BookedConnection>, BookedConnection[]] => {
    const book = createBook()
    const connections = dials(book, 6, answerOf(0, ...two))
    expect(book.takeSurplus(0)).toBeUndefined()
    return [book, connections]
  }

  it('is the oldest of the address that has most, one in refreshMs', () => {
    const [book, connections] = grow()
    book.learn(answerOf(30_000, ...three))
    expect(book.takeSurplus(30_000)).toBe(connections[0])
    book.learn(answerOf(59_999, ...three))
    expect(book.takeSurplus(59_999)).toBeUndefined()
    book.learn(answerOf(60_000, ...three))
    expect(book.takeSurplus(60_000)).toBeDefined()
  })

  it('is none where the origin dials by itself', () => {
    const [book] = grow()
    dials(book, 1, answerOf(30_000, ...three), 30_000)
    expect(book.takeSurplus(30_000)).toBeUndefined()
  })

  it('is none for the sake of the dial that replaces it', () => {
    const [book, connections] = grow()
    const answer = answerOf(30_000, ...three)
    book.learn(answer)
    book.leave(book.takeSurplus(30_000) as BookedConnection)
    dials(book, 1, answer, 30_000)
    book.learn(answerOf(60_000, ...three))
    expect(book.takeSurplus(60_000)).toBe(connections[1])
  })

  it('is none where no address has two more than another one', () => {
    const [book] = grow()
    book.learn(answerOf(30_000, ...two))
    expect(book.takeSurplus(30_000)).toBeUndefined()
  })

  it('is none to an address that fails, or is of the other family', () => {
    const [book] = grow()
    const answer = answerOf(30_000, ...two, '2001:db8::1')
    book.learn(answer)
    expect(book.takeSurplus(30_000)).toBeUndefined()
    book.learn(answerOf(60_000, ...three))
    const added = [...book.addresses].find(({ address }) => address === '192.0.2.3')
    added?.fail(60_000)
    expect(book.takeSurplus(90_000)).toBeUndefined()
  })
})
