import { expect, it } from 'vitest'
import { judgeSlice, type SliceCounts } from './judge-slice.ts'

const AGREED: SliceCounts = {
  requests: 200,
  completed: 200,
  non2xx: 0,
  upstream: { requests: 200, connections: 10 },
  kernelConnections: 10,
}

it('accepts counts that agree, and a kernel that cannot be asked', () => {
  expect(judgeSlice(AGREED)).toEqual({ problems: [], warnings: [] })
  expect(judgeSlice({ ...AGREED, kernelConnections: null })).toEqual({ problems: [], warnings: [] })
})

it.each([
  [
    '199 of 200 requests were answered',
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
])('refuses: %s', (problem, changes) => {
  expect(judgeSlice({ ...AGREED, ...changes })).toEqual({ problems: [problem], warnings: [] })
})

it('only warns of connections that other programs may have opened', () => {
  const { problems, warnings } = judgeSlice({ ...AGREED, kernelConnections: 11 })
  expect(problems).toEqual([])
  expect(warnings).toEqual([
    'connections: 11 by the kernel, 10 by the upstream; other programs dial, too',
  ])
})
