import process from 'node:process'
import { parseArgs } from 'node:util'
import type { BenchResult, Run, Slice } from '../packages/bench/src/bench/bench-result.ts'
import { METRICS, type MetricName } from '../packages/bench/src/bench/method/metrics.ts'
import { CLIENTS } from '../packages/bench/src/bench/variants/clients.ts'
import { textTable } from '../packages/bench/src/forms/text-table.ts'
import {
  noiseFloorOf,
  type Pair,
  pairedRatio,
} from '../packages/bench/src/statistics/paired-ratio.ts'
import { PERFORMANCE_TARGETS, type PerformanceTarget } from './performance-targets.ts'
import { FAST_UPSTREAM, runBench } from './run-bench.ts'

const USAGE = `pnpm bench:targets [--only GROUP] [--blocks N] [--slice-ms N]

Measures what is promised of speed and memory and prints it beside the promises. Groups: ${[
  ...new Set(PERFORMANCE_TARGETS.map(({ group }) => group)),
].join(', ')}.
`

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    blocks: { type: 'string', default: '40' },
    'slice-ms': { type: 'string', default: '100' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) process.stdout.write(USAGE)
else await main()

async function main(): Promise<void> {
  const targets = PERFORMANCE_TARGETS.filter(
    ({ group, candidate }) =>
      (values.only === undefined || values.only.includes(group)) && CLIENTS.has(candidate),
  )
  const common = ['--blocks', values.blocks, '--slice-ms', values['slice-ms']]
  const results = new Map<string, BenchResult>()
  const rows: string[][] = []
  for (const target of targets) {
    const key = target.args.join(' ')
    const result = results.get(key) ?? (await runBench([...common, ...target.args]))
    results.set(key, result)
    rows.push(rowOf(target, result))
  }
  const head = ['', 'ratio', 'interval', 'noise', 'target', '']
  process.stdout.write(`${textTable([head, ...rows]).join('\n')}\n`)
  process.stdout.write(
    `CPU: user and system time of the client's process per request; upstream ${FAST_UPSTREAM}, Node ${process.version}\n`,
  )
}

function rowOf(target: PerformanceTarget, { runs }: BenchResult): string[] {
  const { title, candidate, reference, figure, atMost } = target
  const [run] = runs
  if (run === undefined) throw new Error(`no run of ${title}`)
  const wanted = atMost === null ? '-' : `≤ ${atMost}`
  if (run.summary.invalidSlices > 0) return [title, '-', '-', '-', wanted, 'INVALID']
  if (figure === 'connections') {
    const ratio = connectionsOf(run, candidate) / connectionsOf(run, reference)
    return [title, ratio.toFixed(2), '-', '-', wanted, judged({ low: ratio, high: ratio }, atMost)]
  }
  const found = pairedRatio(pairsOf(run, figure, candidate, reference))
  if (found === undefined) throw new Error(`nothing was measured of ${title}`)
  const { baseline } = run.scenario
  const floor = noiseFloorOf(pairedRatio(pairsOf(run, figure, `${baseline}-again`, baseline)))
  return [
    title,
    found.ratio.toFixed(3),
    `${found.low.toFixed(3)}–${found.high.toFixed(3)}`,
    floor === undefined ? '-' : `${((floor - 1) * 100).toFixed(1)}%`,
    wanted,
    judged(found, atMost),
  ]
}

/** Claims nothing of a promise that lies within the interval. */
function judged({ low, high }: { low: number; high: number }, atMost: number | null): string {
  if (atMost === null) return ''
  if (high <= atMost) return 'met'
  return low > atMost ? 'MISSED' : 'unsure'
}

function connectionsOf({ summary }: Run, id: string): number {
  return (
    summary.participants.find(({ participant }) => participant === id)?.connections ?? Number.NaN
  )
}

/** Of each measured block, the figures of both; those of one run cancel what the machine did. */
function pairsOf(run: Run, metric: MetricName, candidate: string, reference: string): Pair[] {
  const figureOf = (slices: readonly Slice[], id: string): number | undefined => {
    const slice = slices.find(({ participant }) => participant === id)
    const figure = slice && METRICS[metric].of(slice)
    // User time is sampled, and may be 0 in a short slice, which has no ratio.
    return figure !== undefined && figure > 0 ? figure : undefined
  }
  return run.blocks.flatMap(({ warmUp, slices }): Pair[] => {
    const [a, b] = [figureOf(slices, candidate), figureOf(slices, reference)]
    return warmUp || a === undefined || b === undefined ? [] : [[a, b]]
  })
}
