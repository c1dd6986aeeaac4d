import type { BenchResult, Comparison, Run, Scenario } from '../bench/bench-result.ts'
import { METRICS, type MetricName } from '../bench/method/metrics.ts'
import { againOf } from '../bench/method/participants.ts'

/** Verdict on a ratio in one result and the same ratio in another. */
export type Change = 'higher' | 'lower' | 'unsure'

/** Difference of a variant's ratio to its baseline between two results. */
export interface RatioChange {
  readonly candidate: string
  readonly metric: MetricName
  readonly before: Comparison
  readonly after: Comparison
  /** Ratio after, divided by the ratio before. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  /** Probability from 0 to 1, at least, that `low` to `high` covers the true value. */
  readonly coverage: number
  readonly change: Change
  /** Whether a change in this direction is for the worse. */
  readonly isWorse: boolean
}

/** Two runs of the same scenario. */
export interface RunComparison {
  readonly before: Run
  readonly after: Run
  readonly changes: readonly RatioChange[]
}

/** Comparison of two results. */
export interface ResultComparison {
  readonly runs: readonly RunComparison[]
  /** Differences of circumstances, which may explain a change. */
  readonly differences: readonly string[]
  /** Runs and variants of one result without a counterpart in the other. */
  readonly unmatched: readonly string[]
}

/** Least coverage of a change's interval; with less, no change is claimed. */
const WANTED_COVERAGE = 0.9

/**
 * Compares the ratios within each result, never the figures themselves: a machine differs from one
 * time to another, but within a result baseline and variant had the same one.
 */
export function compareResults(before: BenchResult, after: BenchResult): ResultComparison {
  const pairs = after.runs.flatMap((run): [Run, Run][] => {
    const counterpart = before.runs.find((each) => isSameTask(each.scenario, run.scenario))
    return counterpart === undefined ? [] : [[counterpart, run]]
  })
  return {
    runs: pairs.map(([first, second]) => ({
      before: first,
      after: second,
      changes: changesBetween(first, second),
    })),
    differences: differencesBetween(before, after),
    unmatched: [...unmatchedIn(before, after, 'first'), ...unmatchedIn(after, before, 'second')],
  }
}

/** Whether any change can be told from chance. */
export function hasClaims({ runs }: ResultComparison): boolean {
  return runs.some(({ changes }) => changes.some(({ change }) => change !== 'unsure'))
}

function isSameTask(a: Scenario, b: Scenario): boolean {
  return JSON.stringify(taskOf(a)) === JSON.stringify(taskOf(b))
}

/** Fields that must match for two runs to be comparable; how long they measured may differ. */
function taskOf(scenario: Scenario): unknown[] {
  const { baseline, path, upstream, workload, method, bodyBytes, tls, origins } = scenario
  const { connections, middleboxIdleSeconds, participants } = scenario
  const reference = participants.find(({ id }) => id === baseline)?.variant
  return [
    reference,
    path,
    sorted(upstream),
    sorted(workload),
    method,
    bodyBytes,
    tls,
    origins,
    connections,
    middleboxIdleSeconds,
  ]
}

/** Entries in the order of their keys, so that two objects compare equal whatever theirs is. */
function sorted(options: object): [string, unknown][] {
  return Object.entries(options).toSorted(([a], [b]) => a.localeCompare(b))
}

function changesBetween(before: Run, after: Run): RatioChange[] {
  const { baseline } = after.scenario
  return after.summary.comparisons.flatMap((second): RatioChange[] => {
    if (second.candidate === againOf(baseline)) return []
    const first = before.summary.comparisons.find(
      (each) =>
        each.metric === second.metric &&
        each.candidate === second.candidate &&
        each.reference === second.reference,
    )
    if (first === undefined || second.reference !== baseline) return []
    return [changeOf(first, second, floorOf(before, after, second.metric))]
  })
}

/** Product of both results' noise floors; null where one is not known. */
function floorOf(before: Run, after: Run, metric: MetricName): number | null {
  const [first, second] = [before, after].map(({ summary }) => summary.noiseFloor[metric])
  return first && second ? first * second : null
}

/**
 * Change between two independent intervals: lowest over highest and highest over lowest cover it
 * unless one of them misses.
 */
function changeOf(before: Comparison, after: Comparison, floor: number | null): RatioChange {
  const low = after.low / before.high
  const high = after.high / before.low
  const coverage = Math.max(0, before.coverage + after.coverage - 1)
  const isKnown = floor !== null && coverage >= WANTED_COVERAGE
  const { candidate, metric } = after
  const ratio = after.ratio / before.ratio
  return {
    candidate,
    metric,
    before,
    after,
    ratio,
    low,
    high,
    coverage,
    change: isKnown ? judge(low, high, floor) : 'unsure',
    isWorse: METRICS[metric].lowerIsBetter ? ratio > 1 : ratio < 1,
  }
}

function judge(low: number, high: number, floor: number): Change {
  if (high < 1 / floor) return 'lower'
  return low > floor ? 'higher' : 'unsure'
}

function differencesBetween(before: BenchResult, after: BenchResult): string[] {
  const [first, second] = [before, after].map(circumstancesOf)
  const names = [...new Set([...(first?.keys() ?? []), ...(second?.keys() ?? [])])]
  return names.flatMap((name) => {
    const [was, is] = [first?.get(name) ?? 'none', second?.get(name) ?? 'none']
    return was === is ? [] : [`${name}: ${was}, then ${is}`]
  })
}

function circumstancesOf({
  machine,
  pinning,
  version,
  versions,
  commit,
  runs,
}: BenchResult): ReadonlyMap<string, string> {
  return new Map([
    ['CPU', `${machine.cores} x ${machine.cpuModel}`],
    ['kernel', machine.kernel],
    ['Node', machine.nodeVersion],
    ['pinned', pinning.pinned ? 'yes' : 'no'],
    ['holdfast', version],
    ['commit', commit ?? 'none'],
    ['upstream', runs[0]?.upstream.software ?? 'none'],
    ['upstream configuration', runs[0]?.upstream.configuration ?? 'none'],
    ...Object.entries(versions),
    ...Object.entries(machine.sysctls).map(([name, value]): [string, string] => [
      name,
      value ?? 'none',
    ]),
  ])
}

function unmatchedIn(one: BenchResult, other: BenchResult, which: string): string[] {
  return one.runs.flatMap((run) => {
    const { scenario } = run
    const label = `${scenario.path} path, ${scenario.connections} at a time against ${scenario.upstream.kind}, workload ${scenario.workload.kind}, baseline ${scenario.baseline}`
    const counterpart = other.runs.find((each) => isSameTask(each.scenario, scenario))
    if (counterpart === undefined) return [`only in the ${which}: ${label}`]
    const known = new Set(counterpart.scenario.participants.map(({ id }) => id))
    return scenario.participants
      .filter(({ id }) => !known.has(id))
      .map(({ id }) => `only in the ${which}: ${id} (${label})`)
  })
}
