import { expect, it } from 'vitest'
import { fullResult } from '../../test/sample-result.ts'
import type { BenchResult } from '../bench/bench-result.ts'
import { textOf } from '../cli/line.ts'
import { compareResults, hasClaims } from './compare-results.ts'
import {
  comparisonVerdict,
  renderComparison,
  renderComparisonMarkdown,
} from './render-comparison.ts'

/** The first run of a result, with other values of its scenario. */
function withScenario(result: BenchResult, changes: object): BenchResult {
  const runs = result.runs.map((run) => ({ ...run, scenario: { ...run.scenario, ...changes } }))
  return { ...result, runs }
}

it('claims no change between a result and itself', () => {
  const comparison = compareResults(fullResult(), fullResult())
  expect(hasClaims(comparison)).toBe(false)
  expect(comparisonVerdict(comparison)).toMatch(/^no change can be claimed in \d+ comparisons$/u)
  expect(comparison.differences).toEqual([])
  expect(comparison.unmatched).toEqual([])
})

it('finds a variant that became a tenth slower, and knows that this is worse', () => {
  const comparison = compareResults(fullResult(), fullResult({ short: 2.4, holdfast: 0.88 }))
  const changes = comparison.runs[0]?.changes ?? []
  const cpu = changes.find(
    ({ candidate, metric }) => candidate === 'holdfast' && metric === 'cpuPerRequest',
  )
  expect(cpu).toMatchObject({ change: 'higher', isWorse: true })
  expect(cpu?.ratio).toBeCloseTo(1.1, 2)
  const throughput = changes.find(
    ({ candidate, metric }) => candidate === 'holdfast' && metric === 'throughput',
  )
  expect(throughput).toMatchObject({ change: 'lower', isWorse: true })
  expect(changes.find(({ candidate }) => candidate === 'short')?.change).toBe('unsure')
  expect(textOf(renderComparison(comparison, 200)[0] ?? '')).toMatch(
    /^holdfast: CPU per request against node higher, 1\.10x \[/u,
  )
  expect(renderComparisonMarkdown(comparison)).toContain(
    '| holdfast | CPU/request | higher | 1.10x',
  )
})

it('makes its interval as wide as both allow, and its coverage as small', () => {
  const [before, after] = [fullResult(), fullResult({ short: 2.4, holdfast: 0.88 })]
  for (const change of compareResults(before, after).runs[0]?.changes ?? []) {
    expect(change.low).toBe(change.after.low / change.before.high)
    expect(change.high).toBe(change.after.high / change.before.low)
    expect(change.coverage).toBe(change.before.coverage + change.after.coverage - 1)
    expect(change.low).toBeLessThanOrEqual(change.ratio)
    expect(change.high).toBeGreaterThanOrEqual(change.ratio)
  }
})

it('claims nothing where the noise of either run is not known', () => {
  const before = fullResult()
  const deaf = {
    ...before,
    runs: before.runs.map((run) => ({
      ...run,
      summary: { ...run.summary, noiseFloor: { ...run.summary.noiseFloor, cpuPerRequest: null } },
    })),
  }
  const { runs } = compareResults(deaf, fullResult({ short: 2.4, holdfast: 1.6 }))
  const cpu = runs[0]?.changes.filter(({ metric }) => metric === 'cpuPerRequest') ?? []
  expect(cpu.map(({ change }) => change)).toEqual(['unsure', 'unsure'])
})

it.each([
  ['connections', { connections: 10 }],
  ['path', { path: 'direct' }],
  ['workload', { workload: { kind: 'open', rate: 7 } }],
  ['tls', { tls: true }],
])('does not compare what is not the same task: %s', (_, changes) => {
  const comparison = compareResults(withScenario(fullResult(), changes), fullResult())
  expect(comparison.runs).toEqual([])
  expect(comparison.unmatched.map((text) => text.slice(0, 18))).toEqual([
    'only in the first:',
    'only in the second',
  ])
  expect(textOf(renderComparison(comparison, 200)[0] ?? '')).toMatch(/^nothing can be compared: /u)
})

it('says what else differs, and who has no counterpart', () => {
  const after = fullResult({ short: 2.4 })
  const machine = { ...after.machine, nodeVersion: 'v27.0.0' }
  const { differences, unmatched } = compareResults(fullResult(), { ...after, machine })
  expect(differences).toEqual(['Node: v26.0.0, then v27.0.0'])
  expect(unmatched).toEqual([expect.stringMatching(/^only in the first: holdfast \(/u)])
})
