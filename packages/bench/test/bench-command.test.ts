import { once } from 'node:events'
import { expect, it } from 'vitest'
import type { BenchResult, ParticipantSummary, Run } from '../src/bench/bench-result.ts'
import { textOf } from '../src/cli/line.ts'
import { renderTable } from '../src/report/render-table.ts'
import { descendantsOf, startHoldfast, untilEnded } from './holdfast-process.ts'
import { runHoldfast } from './run-holdfast.ts'

const SMALL =
  '--blocks 2 --slice-ms 100 --warm-up-ms 100 --connections 4 --seed 7 --timeline-ms 100 --race-ms 500 --forks 1'.split(
    ' ',
  )
const LONG_AGAINST_SHORT = /^long connections: unsure, \d+\.\d\dx the CPU per request/u
const AGENTKEEPALIVE = /^agentkeepalive: unsure, \d+\.\d\dx \[/u

function participant({ summary }: Run, id: string): ParticipantSummary {
  const found = summary.participants.find((each) => each.participant === id)
  if (found === undefined) throw new Error(`no participant ${id}`)
  return found
}

it('measures short against long connections, with counts that agree', async () => {
  const { code, out, err } = await runHoldfast(['bench', ...SMALL, '--variant', 'short', '--json'])
  const result = JSON.parse(out) as BenchResult

  expect(code).toBe(0)
  expect(result).toMatchObject({
    schema: 'holdfast.bench/4',
    runs: [{ scenario: { seed: 7, blocks: 2, connections: 4 } }],
  })
  const [only] = result.runs as [Run]
  expect(only.blocks.filter((block) => !block.warmUp)).toHaveLength(2)
  for (const { slices } of only.blocks) {
    expect(slices.map((slice) => slice.participant).toSorted()).toEqual([
      'node',
      'node-again',
      'short',
    ])
    for (const slice of slices) {
      expect(slice.problems).toEqual([])
      expect(slice.completed).toBe(slice.requests)
      expect(slice.upstream?.requests).toBe(slice.requests)
      expect(slice.loadConnections).toBe(4)
    }
  }
  for (const id of ['node', 'node-again']) {
    expect(participant(only, id).connections).toBeGreaterThan(0)
    expect(participant(only, id).connections).toBeLessThanOrEqual(4)
  }
  expect(participant(only, 'short').requestsPerConnection).toBe(1)
  // Two blocks cannot support a claim.
  expect(new Set(only.summary.comparisons.map(({ verdict }) => verdict))).toEqual(
    new Set(['unsure']),
  )
  expect(textOf(renderTable(result, 200)[0] ?? '')).toMatch(LONG_AGAINST_SHORT)
  expect(err).toContain('4 connections, seed 7\n')
  expect(err).toContain('block 1 of 6 (warm-up), CPU per request: node ')
})

it('prints the table with the verdict first, on the direct path, too', async () => {
  const { code, out } = await runHoldfast([
    'bench',
    ...SMALL,
    '--variant',
    'agentkeepalive',
    '--path',
    'direct',
  ])
  expect(code).toBe(0)
  expect(out).toMatch(AGENTKEEPALIVE)
  expect(out).toContain('direct path, 4 at a time')
})

it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'leaves no process behind after %s',
  async (signal) => {
    const child = startHoldfast(['bench', ...SMALL, '--blocks', '1000', '--variant', 'short'])
    const exit = once(child, 'exit')
    // The first block line: upstream, load generator and three clients are there and at work.
    if (child.stderr)
      for await (const text of child.stderr) if (String(text).includes('block 1')) break
    const descendants = descendantsOf(child.pid ?? Number.NaN)
    expect(descendants.length).toBeGreaterThanOrEqual(5)
    child.kill(signal)
    expect(await exit).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [130, null])
    await untilEnded(descendants)
  },
)

it('explains a wrong command or option and exits with 2', async () => {
  expect(await runHoldfast(['bench', '--blocks', '0'])).toEqual({
    code: 2,
    out: '',
    err: "holdfast: --blocks must be a whole number from 1 to 1000, got '0'\n",
  })
  const { code, out, err } = await runHoldfast(['bend'])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toBe('holdfast: unknown command bend; did you mean bench?\n')
})

it('helps', async () => {
  const { code, out } = await runHoldfast(['bench', '--help'])
  expect(code).toBe(0)
  expect(out).toContain('holdfast bench --config bench.json --json > result.json')
  expect((await runHoldfast(['--help'])).code).toBe(0)
})
