import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { PlanResult } from '../src/plan/plan-result.ts'
import { type Finished, runHoldfast } from './run-holdfast.ts'

const plan = (...args: string[]): Promise<Finished> => runHoldfast(['plan', ...args])

it('puts the verdict first, for each policy', async () => {
  const { code, out, err } = await plan(
    '--rate',
    '5000',
    '--replicas',
    '20',
    '--profile',
    'apache-2.4',
  )
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    /^take default \(a tie with safe\): [\d.]+ % of the requests reuse a connection; /u,
  )
  expect(out).toMatch(/^at the server: raise its cap of 100 requests per connection /mu)
  expect(out).toContain("import { HttpAgent } from '@holdfast/http-agent'\n")
  expect(out).toMatch(/^short holds: \d+ connections, 5,000 opened per second, 0 % of the/mu)
  expect(out).toMatch(/^default holds: /mu)
  expect(out).toMatch(/^safe holds: /mu)
  expect(out).toContain('safe: idle 4 000 ms: Apache 2.4 closes at 5 000 ms, margin 1 000 ms')
})

it('warns where a limit breaks, and fails where that is asked for', async () => {
  // A client that is never busy closes first, and keeps every TIME_WAIT.
  const idle = ['--loop-delay', '0ms', '--rtt', '0.01ms']
  const args = [
    '--rate',
    '600',
    '--replicas',
    '1',
    '--policy',
    'short',
    '--policy',
    'default',
    ...idle,
  ]
  const { code, out } = await plan(...args)
  expect(code).toBe(0)
  expect(out).toContain('short BREAKS: ')
  expect(out).toContain(
    'of 28,232 ephemeral ports towards one destination; 471 connections per second',
  )
  expect(out).toContain('default holds: ')
  expect((await plan(...args, '--fail-if', 'breaks')).code).toBe(1)
  expect((await plan('--policy', 'default', '--fail-if', 'tight')).code).toBe(0)
  const few = ['--policy', 'default', '--upstream-connections', '25', '--fail-if', 'breaks']
  const { code: broken, out: why } = await plan(...few)
  expect(broken).toBe(1)
  expect(why).toMatch(
    /^BREAKS default: \d+ connections at peak at one destination, which takes 25$/mu,
  )
})

it('prints all of it as JSON, the same for the same seed', async () => {
  const args = [
    '--rate',
    '50',
    '--replicas',
    '5',
    '--simulate',
    '--time',
    '60s',
    '--seed',
    '3',
    '--json',
  ]
  const [first, second] = await Promise.all([plan(...args), plan(...args)])
  expect(first).toEqual(second)
  const result = JSON.parse(first.out) as PlanResult
  expect(result).toMatchObject({ schema: 'holdfast.plan/2', input: { requestsPerSecond: 50 } })
  const [short, long] = result.outlooks.map(({ simulation }) => simulation)
  expect(short?.opens).toBe(short?.requests)
  expect(long?.requests).toBe(short?.requests)
  expect(long?.reuseShare).toBeGreaterThan(0.9)
  expect(Math.max(...(short?.timeline.upstreamTimeWaits ?? []))).toBeGreaterThan(2000)
  expect(Math.max(...(long?.timeline.clientTimeWaits ?? []))).toBe(0)
})

it('prints Markdown, and writes a page', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-plan-'))
  try {
    const file = path.join(folder, 'plan.html')
    const args = [
      ...['--rate', '600', '--replicas', '1', '--simulate', '--time', '90s', '--seed', '1'],
      ...['--loop-delay', '0ms', '--rtt', '0.01ms'],
    ]
    const { code, out } = await plan(...args, '--markdown', '--html', file)
    expect(code).toBe(0)
    expect(out).toMatch(/^- take default: /u)
    expect(out).toContain('- short BREAKS: ')
    expect(out).toContain('| TIME\\_WAIT at all clients, mean / peak | ')
    expect(out).toContain('- BREAKS short: ')
    const page = readFileSync(file, 'utf8')
    expect(page).toContain('<h1>Take default</h1>')
    expect(page).toContain('Connections of all replicas over time')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it.each([
  [['--json', '--markdown'], '--json and --markdown cannot both be printed'],
  [['--rate', '0'], "--rate must be a whole number from 1 to 10000000, got '0'"],
  [['--ports', '9-1'], "--ports must be FIRST-LAST within 1-65535, got '9-1'"],
  [
    ['--profile', 'apache'],
    "--profile: nothing is called 'apache'; there are apache-1.1, apache-2.0, apache-2.4\n",
  ],
  [
    ['--profile', 'idleTimeoutMs=x'],
    '--profile: idleTimeoutMs=x.idleTimeoutMs must be a number from 0',
  ],
  [['--policy', 'safe'], '--policy safe is computed from the path: give at least one --profile'],
  [['--concurrency', '1'], "--concurrency must exceed --rate times --rtt, which is 1, got '1'"],
  [['--simulate', '--arrivals', 'x'], '--arrivals must be constant, exponential, lognormal:SIGMA'],
])('explains %j and exits with 2', async (args, message) => {
  const { code, out, err } = await plan(...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(`holdfast: ${message}`)
})

it('helps, with examples and exit codes', async () => {
  const { code, out } = await plan('--help')
  expect(code).toBe(0)
  expect(out).toContain('holdfast plan --rate 5000 --replicas 20 --profile apache-2.4')
  expect(out).toContain('Exit code: 0, or 1 if --fail-if says so, or 2 if the options are wrong.')
  expect(out).not.toContain('\u001B')
})
