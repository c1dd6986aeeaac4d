/**
 * Measures the pool alone, and generic-pool and tarn beside it: each number in a process of its own,
 * all of them in turn, over and over, and prints how cost grows with size. `--rounds 3` by default.
 */
import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { CELLS, type Cell } from './cells.ts'

const run = promisify(execFile)
const cellProcess = fileURLToPath(new URL('cell-process.ts', import.meta.url))

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number from 1')

const measure = async (index: number): Promise<number> => {
  const flags = ['--expose-gc', '--max-old-space-size=6000']
  const { stdout } = await run(process.execPath, [...flags, cellProcess, String(index)])
  return Number(stdout)
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN

const spell = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ')

const results: number[][] = CELLS.map(() => [])
for (let round = 1; round <= rounds; round++) {
  for (const index of CELLS.keys()) {
    process.stderr.write(`\rround ${round} of ${rounds}, ${index + 1} of ${CELLS.length} `)
    results[index]?.push(await measure(index))
  }
}
process.stderr.write('\n')

const nameOf = ({ originCount, row }: Cell): string =>
  originCount === 1 ? row : `${row}, ${spell(originCount)} origins`

const names = [...new Set(CELLS.map(nameOf))]
const sizes = [...new Set(CELLS.map(({ size }) => size))]

const medianOf = (name: string, size: number): number | undefined => {
  const index = CELLS.findIndex((cell) => nameOf(cell) === name && cell.size === size)
  return index === -1 ? undefined : median(results[index] ?? [])
}

/** How much more the largest size costs than the smallest. */
const growthOf = (name: string): string => {
  const numbers = sizes.map((size) => medianOf(name, size)).filter((value) => value !== undefined)
  return ((numbers.at(-1) ?? Number.NaN) / (numbers[0] ?? Number.NaN)).toFixed(2)
}

const rows = names.map((name) => [
  name,
  ...sizes.map((size) => {
    const value = medianOf(name, size)
    return value === undefined ? '–' : spell(value)
  }),
  growthOf(name),
])
const head = ['ns each, unless it says bytes', ...sizes.map(spell), 'growth']
const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
process.stdout.write(`${lines.join('\n')}\n`)
