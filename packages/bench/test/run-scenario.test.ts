import { describe, expect, it } from 'vitest'
import type { ParticipantSummary, Run, Scenario } from '../src/bench/bench-result.ts'
import { ROLE_PROGRAMS } from '../src/bench/roles/role-process.ts'
import { parseUpstream } from '../src/bench/upstreams/upstream.ts'
import { textOf } from '../src/cli/line.ts'
import { renderTable } from '../src/report/render-table.ts'
import { runSmall, smallScenario } from './run-small.ts'
import { sampleResult } from './sample-record.ts'

const program = (name: string): URL => new URL(`roles/${name}`, import.meta.url)

function problemsOf({ blocks }: Run): Set<string> {
  return new Set(blocks.flatMap(({ slices }) => slices.flatMap(({ problems }) => problems)))
}

function find({ summary }: Run, id: string): ParticipantSummary {
  const found = summary.participants.find(({ participant }) => participant === id)
  if (found === undefined) throw new Error(`no participant ${id}`)
  return found
}

describe('a run whose witnesses disagree', () => {
  it('is invalid because of an upstream that miscounts', async () => {
    const programs = { ...ROLE_PROGRAMS, upstream: program('miscounting-upstream.ts') }
    const run = await runSmall(smallScenario([]), programs)
    const { slices, invalidSlices, comparisons } = run.summary

    expect(invalidSlices).toBe(slices)
    expect([...problemsOf(run)].every((each) => each.startsWith('the upstream saw '))).toBe(true)
    expect(comparisons).toEqual([])
    expect(textOf(renderTable(sampleResult(run), 80)[0] ?? '')).toContain('INVALID')
  })

  it('is invalid because of a load generator that miscounts', async () => {
    const programs = { ...ROLE_PROGRAMS, load: program('miscounting-load.ts') }
    const run = await runSmall(smallScenario([], { path: 'gateway' }), programs)
    const { slices, invalidSlices, comparisons } = run.summary

    expect(invalidSlices).toBe(slices)
    expect([...problemsOf(run)].every((each) => each.startsWith('the upstream saw '))).toBe(true)
    expect(comparisons).toEqual([])
  })
})

/** A variant that closes nothing on a busy machine, where minutes may pass between its slices. */
function lasting(name: string): string {
  if (name.startsWith('undici')) return `${name}:keepAliveTimeout=3600000`
  if (name === 'agentkeepalive') return `${name}:freeSocketTimeout=3600000`
  return `${name}:idleTimeoutMs=3600000,maxConnectionAgeMs=3600000`
}

describe('a run', () => {
  it.each([
    ['agentkeepalive', 'holdfast', 'holdfast8', 'holdfast7-request', 'holdfast8-fetch'],
    ['undici7', 'undici7-request', 'undici7-fetch', 'undici8', 'undici8-request', 'undici8-fetch'],
  ])('takes %s, also by POST and TLS and over several origins', async (...clients) => {
    const names = clients.map(lasting)
    const request = { method: 'POST', bodyBytes: 100, tls: true, origins: 2 } as const
    const run = await runSmall(smallScenario([...names, 'short'], request))
    expect(problemsOf(run)).toEqual(new Set())
    const { connections, requests } = find(run, 'short')
    expect(connections).toBe(requests)
    for (const name of names) {
      expect(find(run, name).connections).toBeGreaterThan(0)
      // As many connections as requests at once, to each of two origins.
      expect(find(run, name).connections).toBeLessThanOrEqual(6)
    }
  })

  it('takes what pops and pushes a stack, over TLS and by POST', async () => {
    const request = { method: 'POST', bodyBytes: 100, tls: true } as const
    const run = await runSmall(smallScenario(['floor', 'floor7', 'floor8'], request))
    expect(problemsOf(run)).toEqual(new Set())
    for (const name of ['floor', 'floor7', 'floor8']) expect(find(run, name).connections).toBe(3)
  })

  it.each<Partial<Scenario>>([
    { path: 'gateway' },
    { workload: { kind: 'open', rate: 500 }, sliceMs: 100 },
    { workload: { kind: 'burst', size: 20, idleMs: 10 } },
    { workload: { kind: 'gap', gapMs: 5, spread: 0 } },
    { workload: { kind: 'idle' } },
    { upstream: parseUpstream('node:maxRequests=3') },
    { raceMs: 500 },
  ])('takes a stack in every workload: %j', async (changes) => {
    const run = await runSmall(smallScenario(['floor', 'floor8'], changes))
    expect(problemsOf(run)).toEqual(new Set())
    for (const name of ['floor', 'floor8']) {
      const { connections, requests, failed } = find(run, name)
      expect(failed).toBe(0)
      expect(requests).toBeGreaterThan(0)
      expect(connections).toBeLessThanOrEqual(requests)
    }
  })

  it('takes an agent, and a dispatcher, of a module', async () => {
    const modules = ['own-agent.ts', 'own-dispatcher.ts'].map(
      (name) => `${new URL(`modules/${name}`, import.meta.url).href}:connections=2`,
    )
    const run = await runSmall(smallScenario(modules))
    expect(problemsOf(run)).toEqual(new Set())
    for (const id of modules) expect(find(run, id).connections).toBeLessThanOrEqual(2)
  })
})

describe('a workload', () => {
  it('opens as many connections as a burst has requests, and keeps them', async () => {
    const run = await runSmall(
      smallScenario(['short'], { workload: { kind: 'burst', size: 20, idleMs: 10 }, sliceMs: 30 }),
    )
    expect(problemsOf(run)).toEqual(new Set())
    // Three bursts of twenty in each of two slices.
    expect(find(run, 'node')).toMatchObject({ requests: 120, connections: 20 })
    expect(find(run, 'short')).toMatchObject({ requests: 120, connections: 120 })
  })

  it('makes as many requests as an open loop is to make', async () => {
    const run = await runSmall(
      smallScenario([], { workload: { kind: 'open', rate: 500 }, sliceMs: 100 }),
    )
    expect(problemsOf(run)).toEqual(new Set())
    expect(find(run, 'node').requests).toBe(100)
  })

  it('weighs idle connections', async () => {
    const run = await runSmall(smallScenario([], { workload: { kind: 'idle' }, connections: 50 }))
    expect(problemsOf(run)).toEqual(new Set())
    const { bytesPerConnection, cpuPerRequestUs, connections } = find(run, 'node')
    expect(connections).toBe(100)
    // A socket of Node takes some kilobytes.
    expect(bytesPerConnection).toBeGreaterThan(1000)
    expect(bytesPerConnection).toBeLessThan(100_000)
    expect(cpuPerRequestUs).toBeNull()
  })

  it('counts requests that meet a closing connection, and says which fail', async () => {
    const run = await runSmall(
      smallScenario(['agentkeepalive:freeSocketTimeout=20'], {
        workload: { kind: 'gap', gapMs: 60, spread: 0.2 },
        upstream: parseUpstream('node:keepAliveTimeoutMs=30,hint=false'),
        mayFail: true,
        connections: 5,
        sliceMs: 200,
      }),
    )
    expect(problemsOf(run)).toEqual(new Set())
    for (const { requests, failed } of run.summary.participants) {
      // Five workers, four requests each, in two slices.
      expect(requests + failed).toBe(40)
    }
    // Five would do if none were closed.
    for (const { connections } of run.summary.participants) expect(connections).toBeGreaterThan(5)
  })
})

describe('a timeline', () => {
  it('looks at connections by state over time', async () => {
    const run = await runSmall(smallScenario(['short'], { timelineMs: 100 }))
    expect(run.timelines.map(({ participant }) => participant)).toEqual(['node', 'short'])
    const [node, short] = run.timelines
    expect(node?.samples.at(0)).toMatchObject({ client: {}, upstream: { LISTEN: 1 } })
    expect(node?.samples.at(-1)).toMatchObject({
      client: { ESTABLISHED: 3 },
      upstream: { LISTEN: 1, ESTABLISHED: 3 },
    })
    const used = (uses: Run['timelines'][number]['connectionUses']): number =>
      uses?.reduce((sum, [requests, count]) => sum + requests * count, 0) ?? 0
    expect(used(node?.connectionUses ?? null)).toBe(node?.completed)
    expect(short?.connectionUses).toEqual([[1, short?.completed]])
  })
})
