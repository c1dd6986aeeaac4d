import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { BenchResult } from '../src/bench/bench-result.ts'
import { textOf } from '../src/cli/line.ts'
import { renderTable } from '../src/report/render-table.ts'
import { runHoldfast } from './run-holdfast.ts'

const LOSING = fileURLToPath(new URL('modules/losing-agent.ts', import.meta.url))
const ARGS = [
  ...['bench', '--json', '--variant', LOSING, '--connections', '5', '--forks', '1'],
  ...['--blocks', '1', '--slice-ms', '20', '--timeline-ms', '0', '--workload', 'gap:gapMs=1'],
]

it.each(['gateway', 'direct'])(
  'requests that a client loses are counted on the %s path',
  async (path) => {
    const limits = ['node.failed > 0', `${LOSING}.failed > 0`].flatMap((text) => [
      '--fail-if',
      text,
    ])
    const { code, out, err } = await runHoldfast([...ARGS, '--path', path, ...limits])
    const result = JSON.parse(out) as BenchResult
    const [run] = result.runs
    const losing = run?.summary.participants.find(({ participant }) => participant === LOSING)
    const { failed = 0, attempted = 0, errors = {} } = losing ?? {}

    expect(attempted).toBeGreaterThan(0)
    // The agent counts from its first request, those of the wake-up included.
    expect(Math.abs(failed - attempted / 5)).toBeLessThanOrEqual(1)
    expect(errors).toEqual({ ECONNRESET: failed })
    // Verdict, table and threshold say the same.
    expect(code).toBe(1)
    expect(err).toContain(`${LOSING}.failed > 0: it is ${failed}\n`)
    expect(err).not.toContain('node.failed > 0')
    const lines = renderTable(result, 1000).map(textOf)
    expect(lines[0]).toContain(`${LOSING} ${failed} of ${attempted}`)
    expect(lines.filter((line) => line.startsWith(LOSING)).at(-1)).toContain(`${failed} ECONNRESET`)
  },
)

it('a run loses nothing that the race then shows', async () => {
  const args = ['bench', '--json', '--connections', '3', '--forks', '2', '--blocks', '2']
  const short = [
    '--slice-ms',
    '20',
    '--warm-up-ms',
    '20',
    '--timeline-ms',
    '0',
    '--race-ms',
    '1000',
  ]
  const { code, out } = await runHoldfast([...args, ...short, '--variant', 'holdfast'])
  const [run] = (JSON.parse(out) as BenchResult).runs

  expect(code).toBe(0)
  expect(run?.blocks.filter(({ warmUp }) => !warmUp).map(({ fork }) => fork)).toEqual([0, 1])
  expect(run?.closeRace?.outcomes).toMatchObject([
    { participant: 'node', requests: 150 },
    { participant: 'holdfast', requests: 150, lost: 0, errors: {} },
  ])
})
