import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { BenchResult } from '../src/bench/bench-result.ts'
import { type Finished, runHoldfast, type Surroundings } from './run-holdfast.ts'
import { mistakesIn } from './schema-mistakes.ts'
import { okResponse, ScriptedHttpServer } from './scripted-http-server.ts'

/** The lines of Node that users may have, besides the one that runs the other tests. */
const LINES = ['node20', 'node22', 'node24'] as const
/** Lines that undici 8 does not load on. */
const WITHOUT_UNDICI_8: ReadonlySet<string> = new Set(['node20'])

const SMALL = [
  ...['--blocks', '1', '--slice-ms', '50', '--warm-up-ms', '50', '--connections', '3'],
  ...['--timeline-ms', '50', '--race-ms', '500', '--forks', '1', '--path', 'direct'],
]
const MODEST = ['--max-requests', '3', '--max-wait', '1s', '--rate', '200', '--json']

const root = new URL('../../../', import.meta.url)

/** Runs a program of Node by the Node of that line. */
const on = (line: string): Surroundings => ({
  command: (_node, args) => [
    fileURLToPath(new URL(`node_modules/${line}/bin/node`, root)),
    ...args,
  ],
})

const temporaryFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe.each(LINES)('holdfast, on %s', (line) => {
  const run = (...args: string[]): Promise<Finished> => runHoldfast(args, on(line))

  const variants = ['agentkeepalive', 'holdfast', 'holdfast7', 'undici7-request', 'undici7-fetch']
  if (!WITHOUT_UNDICI_8.has(line)) variants.push('holdfast8', 'undici8-fetch')

  it('measures each kind of client, and reports', async () => {
    const chosen = variants.flatMap((variant) => ['--variant', variant])
    const { code, out, err } = await run('bench', ...SMALL, ...chosen, '--json')
    expect(code, err).toBe(0)
    const result = JSON.parse(out) as BenchResult
    expect(mistakesIn('bench-result', result)).toEqual([])
    const slices = result.runs.flatMap(({ blocks }) => blocks.flatMap((block) => block.slices))
    expect(new Set(slices.map(({ participant }) => participant))).toEqual(
      new Set(['node', 'node-again', ...variants]),
    )
    expect(slices.flatMap(({ problems }) => problems)).toEqual([])
    const folder = temporaryFolder()
    const file = path.join(folder, 'result.json')
    const page = path.join(folder, 'result.html')
    writeFileSync(file, out)
    expect(await run('report', file, '--html', page)).toMatchObject({ code: 0 })
    expect(readFileSync(page, 'utf8')).toContain('holdfast7')
  })

  it('plans, and simulates the plan', async () => {
    const { code, out, err } = await run('plan', '--rate', '50', '--simulate', '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(mistakesIn('plan-result', JSON.parse(out))).toEqual([])
  })

  it('probes a server', async () => {
    await using server = await ScriptedHttpServer.start({ answer: () => okResponse() })
    const { code, out, err } = await run('probe', server.url, ...MODEST)
    expect(code, err).toBe(0)
    expect(mistakesIn('probe-result', JSON.parse(out))).toEqual([])
  })

  it('watches', async () => {
    const { code, out, err } = await run('watch', '--once', '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(mistakesIn('watch-result', JSON.parse(out))).toEqual([])
  })
})

it.each([...WITHOUT_UNDICI_8])('holdfast says on %s what undici 8 needs', async (line) => {
  const args = ['bench', ...SMALL, '--variant', 'undici8-fetch']
  const { code, err } = await runHoldfast(args, on(line))
  expect(code).toBe(2)
  expect(err).toMatch(/^holdfast: undici 8 needs Node 22\.19 or newer; this is Node 20\./u)
})
