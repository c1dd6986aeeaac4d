import { expect, it } from 'vitest'
import { type Expectations, judgeSlice, type SliceCounts } from './judge-slice.ts'

const AGREED: SliceCounts = {
  requests: 200,
  completed: 200,
  failed: 0,
  non2xx: 0,
  upstream: { requests: 200, connections: 10 },
  kernelConnections: 10,
}

const STRICT: Expectations = { mayFail: false, isAlone: false, countsUnused: true }

it('accepts counts that agree, and witnesses that cannot be asked', () => {
  const fine = { problems: [], warnings: [] }
  expect(judgeSlice(AGREED, STRICT)).toEqual(fine)
  expect(judgeSlice({ ...AGREED, kernelConnections: null }, STRICT)).toEqual(fine)
  expect(judgeSlice({ ...AGREED, upstream: null }, STRICT)).toEqual(fine)
})

it.each([
  [
    '199 of 200 requests were answered, 0 failed',
    { completed: 199, upstream: { requests: 199, connections: 10 } },
  ],
  [
    'the upstream saw 201 requests, the load generator 200',
    { upstream: { requests: 201, connections: 10 } },
  ],
  [
    'the upstream saw 199 requests, the load generator 200',
    { upstream: { requests: 199, connections: 10 } },
  ],
  ['1 answers were not 2xx', { non2xx: 1 }],
  ['connections: 9 by the kernel, 10 by the upstream', { kernelConnections: 9 }],
  [
    '1 requests failed',
    { completed: 199, failed: 1, upstream: { requests: 199, connections: 10 } },
  ],
])('refuses: %s', (problem, changes) => {
  expect(judgeSlice({ ...AGREED, ...changes }, STRICT)).toEqual({
    problems: [problem],
    warnings: [],
  })
})

it('only warns of connections that other programs may have opened', () => {
  const counts = { ...AGREED, kernelConnections: 11 }
  const seen = 'connections: 11 by the kernel, 10 by the upstream'
  expect(judgeSlice(counts, STRICT)).toEqual({
    problems: [],
    warnings: [`${seen}; other programs dial, too`],
  })
  expect(judgeSlice(counts, { ...STRICT, isAlone: true }).problems).toEqual([seen])
})

it('expects no more of an upstream that does not count unused connections', () => {
  const lax = { ...STRICT, isAlone: true, countsUnused: false }
  expect(judgeSlice({ ...AGREED, kernelConnections: 11 }, lax)).toEqual({
    problems: [],
    warnings: [],
  })
  expect(judgeSlice({ ...AGREED, kernelConnections: 9 }, lax).problems).toHaveLength(1)
})

it('accepts failures where they are looked for, seen by the upstream or not', () => {
  const lenient = { ...STRICT, mayFail: true }
  const counts = { ...AGREED, completed: 190, failed: 10 }
  const seenBy = (requests: number): readonly string[] =>
    judgeSlice({ ...counts, upstream: { requests, connections: 10 } }, lenient).problems
  expect(seenBy(189)).toHaveLength(1)
  expect(seenBy(190)).toEqual([])
  expect(seenBy(200)).toEqual([])
  expect(seenBy(201)).toHaveLength(1)
  expect(judgeSlice({ ...counts, failed: 9 }, lenient).problems[0]).toBe(
    '190 of 200 requests were answered, 9 failed',
  )
})

it('accepts the answers of a gateway for what failed behind it', () => {
  const lenient = { ...STRICT, mayFail: true }
  const counts = { ...AGREED, non2xx: 10 }
  const seenBy = (requests: number): readonly string[] =>
    judgeSlice({ ...counts, upstream: { requests, connections: 10 } }, lenient).problems
  expect(seenBy(189)).toHaveLength(1)
  expect(seenBy(190)).toEqual([])
  expect(seenBy(201)).toHaveLength(1)
})
