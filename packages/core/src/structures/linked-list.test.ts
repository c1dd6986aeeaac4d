import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Link, LinkedList } from './linked-list.ts'

const listOf = (...owners: string[]): { list: LinkedList<string>; links: Link<string>[] } => {
  const list = new LinkedList<string>()
  const links = owners.map((owner) => new Link(owner))
  for (const link of links) list.push(link)
  return { list, links }
}

/** The link at the place, which there must be. */
const at = (links: readonly Link<string>[], index: number): Link<string> =>
  links[index] as Link<string>

describe('a linked list', () => {
  it('is empty at first', () => {
    const list = new LinkedList<string>()
    expect(list.size).toBe(0)
    expect(list.first).toBeUndefined()
    expect(list.last).toBeUndefined()
    expect(list.shift()).toBeUndefined()
    expect([...list]).toEqual([])
  })

  it('keeps the order in which links were pushed', () => {
    const { list } = listOf('a', 'b', 'c')
    expect([...list]).toEqual(['a', 'b', 'c'])
    expect([list.first, list.last, list.size]).toEqual(['a', 'c', 3])
  })

  it.each([
    [0, ['b', 'c']],
    [1, ['a', 'c']],
    [2, ['a', 'b']],
  ])('removes the link at place %i', (index, rest) => {
    const { list, links } = listOf('a', 'b', 'c')
    list.remove(at(links, index))
    expect([...list]).toEqual(rest)
    expect([list.first, list.last, list.size]).toEqual([rest[0], rest[1], 2])
  })

  it('leaves no trace in a link that it removes', () => {
    const { list, links } = listOf('a', 'b', 'c')
    const link = at(links, 1)
    expect(link.list).toBe(list)
    list.remove(link)
    expect(link).toMatchObject({ previous: undefined, next: undefined, list: undefined })
  })
})

describe('a link of a list', () => {
  it('may join again once it is removed, at the end', () => {
    const { list, links } = listOf('a', 'b')
    list.remove(at(links, 0))
    list.push(at(links, 0))
    expect([...list]).toEqual(['b', 'a'])
  })

  it('shifts the oldest until nothing is left', () => {
    const { list } = listOf('a', 'b')
    expect([list.shift(), list.shift(), list.shift()]).toEqual(['a', 'b', undefined])
    expect([list.first, list.last, list.size]).toEqual([undefined, undefined, 0])
  })

  it('lets the owner at hand leave while it is iterated', () => {
    const { list, links } = listOf('a', 'b', 'c')
    const seen: string[] = []
    for (const owner of list) {
      seen.push(owner)
      const link = links.find((candidate) => candidate.owner === owner)
      list.remove(link as Link<string>)
    }
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(list.size).toBe(0)
  })
})

describe('a list under random use', () => {
  it('behaves as an array does, whatever joins and leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(15), { maxLength: 200 }), (owners) => {
        const list = new LinkedList<number>()
        const links = Array.from({ length: 16 }, (_, owner) => new Link(owner))
        let expected: number[] = []
        for (const owner of owners) {
          const link = links[owner] as Link<number>
          if (link.list === undefined) {
            list.push(link)
            expected.push(owner)
          } else {
            list.remove(link)
            expected = expected.filter((other) => other !== owner)
          }
          expect([...list]).toEqual(expected)
          expect([list.size, list.first, list.last]).toEqual([
            expected.length,
            expected[0],
            expected.at(-1),
          ])
        }
      }),
    )
  })
})
