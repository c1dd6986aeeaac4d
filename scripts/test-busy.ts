import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { repositoryPath } from '../tests/workspace/repository-path.ts'
import { runBySlices, Spinners } from './busy-machine.ts'

const USAGE = `pnpm test:busy [--times N] [--spinners N] [--slices SEED] [FILTER …]

Runs the tests, or those whose path has a FILTER in it, N times (5) on a machine that is made busy by
so many spinning threads (twice as many as cores), and says which have failed how often. With --slices
the processes of the tests are stopped and continued at random as well. Exits with 1 if any failed.
`

const { values, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '5' },
    spinners: { type: 'string', default: String(2 * availableParallelism()) },
    slices: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** What Vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

interface Failure {
  readonly name: string
  readonly message: string
}

const failuresIn = ({ testResults }: Report): Failure[] =>
  testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(repositoryPath(), '')
    const failed = assertionResults
      .filter((each) => each.status === 'failed')
      .map((each) => ({
        name: `${file}: ${each.fullName}`,
        message: each.failureMessages.join('\n'),
      }))
    return status === 'failed' && failed.length === 0 ? [{ name: file, message }] : failed
  })

/** Runs the tests once, and returns what failed. */
const runOnce = async (folder: string, seed: number | undefined): Promise<Failure[]> => {
  const file = join(folder, 'report.json')
  rmSync(file, { force: true })
  const reporting = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  const child = spawn(
    repositoryPath('node_modules/.bin/vitest'),
    ['run', ...reporting, ...filters],
    {
      cwd: repositoryPath(),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let isOver = false
  const closed = once(child, 'close').finally(() => {
    isOver = true
  })
  const slices =
    seed === undefined ? undefined : runBySlices(child.pid as number, seed, () => isOver)
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const [[code], output] = await Promise.all([closed, said, slices])
  const failures = failuresIn(readReport(file))
  // What fails outside of all tests fails the run.
  return code === 0 || failures.length > 0
    ? failures
    : [{ name: 'the run itself', message: output.join('') }]
}

const readReport = (file: string): Report => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // Vitest has ended before it wrote one.
    return { testResults: [] }
  }
}

const main = async (): Promise<number> => {
  const times = Number(values.times)
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-busy-'))
  await using _spinners = new Spinners(Number(values.spinners))
  const counts = new Map<string, number>()
  for (let run = 1; run <= times; run++) {
    const startedMs = performance.now()
    const seed = values.slices === undefined ? undefined : Number(values.slices) + run - 1
    const failures = await runOnce(folder, seed)
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0)
    process.stdout.write(`run ${run} of ${times}, ${seconds} s: ${failures.length} failed\n`)
    for (const { name, message } of failures) {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      process.stdout.write(`\n${name}\n${message}\n\n`)
    }
  }
  rmSync(folder, { recursive: true })
  for (const [name, count] of counts) process.stdout.write(`${count} of ${times}: ${name}\n`)
  return counts.size === 0 ? 0 : 1
}

if (values.help) process.stdout.write(USAGE)
else process.exitCode = await main()
