import { describe, expect, it } from 'vitest'
import { MAX_ANSWER_LENGTH, readAnswer } from './read-answer.ts'

const read = (answered: unknown): unknown => readAnswer(answered, 'a.test', 5)

describe('an answer', () => {
  it('is a list of addresses, each of its own family whatever the resolver says', () => {
    const answered = [
      { address: '2001:db8::1', family: 6 },
      { address: '192.0.2.1', family: 6 },
      { address: '192.0.2.2' },
    ]
    expect(read(answered)).toEqual({
      atMs: 5,
      addresses: [
        { address: '2001:db8::1', family: 6 },
        { address: '192.0.2.1', family: 4 },
        { address: '192.0.2.2', family: 4 },
      ],
    })
  })

  it('may be one address, or a list of bare ones', () => {
    const addresses = [{ address: '192.0.2.1', family: 4 }]
    expect(read('192.0.2.1')).toEqual({ atMs: 5, addresses })
    expect(read(['192.0.2.1'])).toEqual({ atMs: 5, addresses })
  })

  it('has each address once, where it came first, and nothing that is none', () => {
    const answered = ['192.0.2.2', 'no address', null, { address: 7 }, '192.0.2.1', '192.0.2.2']
    expect(read(answered)).toMatchObject({
      addresses: [{ address: '192.0.2.2' }, { address: '192.0.2.1' }],
    })
  })

  it('is read up to a length', () => {
    const answered = Array.from({ length: 10_000 }, (_, index) => `2001:db8::${index.toString(16)}`)
    expect(read(answered)).toHaveProperty('addresses.length', MAX_ANSWER_LENGTH)
  })

  it.each([[[]]])('without an address is as if there was no such name: %j', (answered) => {
    expect(read(answered)).toMatchObject({ code: 'ENOTFOUND', hostname: 'a.test' })
  })

  it.each([[undefined], ['a.test'], [['a.test']], [[{ address: '300.1.1.1' }]], [{}]])(
    'of nothing that is an address is refused as by Node: %j',
    (answered) => {
      expect(read(answered)).toMatchObject({ code: 'ERR_INVALID_IP_ADDRESS', name: 'TypeError' })
    },
  )
})
