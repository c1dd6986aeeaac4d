import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Comparison, Run } from '../packages/bench/src/bench/bench-result.ts'
import { textTable } from '../packages/bench/src/forms/text-table.ts'
import { runBench } from './run-bench.ts'

const USAGE = `pnpm bench:proofs [--repetitions N] [--blocks N] [--slice-ms N]

Proves on this machine what the tests prove of simulated runs: of a variant against itself nothing
is claimed, and one that costs 10 % more is found. Exits with 1 if either fails.
`

/** The share by which the slowed variant costs more. */
const EXTRA = 0.1

const SLOWED = fileURLToPath(
  new URL('../packages/bench/test/modules/slowed-agent.ts', import.meta.url),
)

const { values } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '20' },
    blocks: { type: 'string', default: '60' },
    'slice-ms': { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) process.stdout.write(USAGE)
else process.exitCode = await main()

async function main(): Promise<number> {
  const baseline = await measure('1', 'node')
  const costUs = baseline.summary.participants[0]?.cpuPerRequestUs ?? Number.NaN
  const slowed = `${SLOWED}:extraUs=${(costUs * EXTRA).toFixed(2)}`
  const found = cpuOf(await measure('1', slowed), slowed)
  const itself: Comparison[] = []
  for (let seed = 1; seed <= Number(values.repetitions); seed++) {
    // The same variant by another name: its options change nothing.
    const same = 'node:keepAlive=true'
    itself.push(cpuOf(await measure(String(seed), same), same))
  }
  const unsure = itself.filter(({ verdict }) => verdict === 'unsure').length
  const allowed = Math.floor(itself.length / 20)
  const rows = [
    ['', 'verdict', 'ratio', 'interval'],
    ...itself.map((comparison, index) => rowOf(`itself, seed ${index + 1}`, comparison)),
    rowOf(`10 % more (${(costUs * EXTRA).toFixed(2)} µs of ${costUs.toFixed(1)} µs)`, found),
  ]
  process.stdout.write(`${textTable(rows).join('\n')}\n`)
  process.stdout.write(`unsure of itself: ${unsure} of ${itself.length}\n`)
  return unsure >= itself.length - allowed && found.verdict === 'slower' ? 0 : 1
}

async function measure(seed: string, variant: string): Promise<Run> {
  const { blocks, 'slice-ms': sliceMs } = values
  const size = [
    ...['--connections', '50', '--blocks', blocks],
    ...['--slice-ms', sliceMs, '--warm-up-ms', '300'],
  ]
  const { runs } = await runBench([...size, '--seed', seed, '--variant', variant])
  const [run] = runs
  if (run === undefined || run.summary.invalidSlices > 0) throw new Error(`no valid run ${seed}`)
  return run
}

function cpuOf({ summary, scenario }: Run, candidate: string): Comparison {
  const found = summary.comparisons.find(
    (each) =>
      each.metric === 'cpuPerRequest' &&
      each.candidate === candidate &&
      each.reference === scenario.baseline,
  )
  if (found === undefined) throw new Error(`nothing was measured of ${candidate}`)
  return found
}

function rowOf(title: string, { verdict, ratio, low, high }: Comparison): string[] {
  return [title, verdict, ratio.toFixed(3), `${low.toFixed(3)}–${high.toFixed(3)}`]
}
