import { describe, expect, it } from 'vitest'
import type { BenchResult, ParticipantSummary, Run } from '../../src/bench/bench-result.ts'
import { runHoldfast } from '../run-holdfast.ts'

const SMALL = [
  ...[
    '--isolation',
    'require',
    '--path',
    'direct',
    '--connections',
    '4',
    '--timeline-ms',
    '0',
    '--race-ms',
    '0',
  ],
  ...['--blocks', '1', '--slice-ms', '50', '--warm-up-ms', '50'],
]

async function run(...args: readonly string[]): Promise<Run> {
  const { code, out, err } = await runHoldfast(['bench', '--json', ...SMALL, ...args])
  if (out === '') throw new Error(`exit code ${code}: ${err}`)
  const [only] = (JSON.parse(out) as BenchResult).runs
  if (only === undefined) throw new Error('no run')
  return only
}

function problemsOf({ blocks }: Run): Set<string> {
  return new Set(blocks.flatMap(({ slices }) => slices.flatMap(({ problems }) => problems)))
}

function find({ summary }: Run, id: string): ParticipantSummary {
  const found = summary.participants.find(({ participant }) => participant === id)
  if (found === undefined) throw new Error(`no participant ${id}`)
  return found
}

describe.each([
  ['nginx', /^nginx\/\d/u, 'keepalive_requests 1000000000;'],
  ['apache', /^Apache\/\d/u, 'MaxKeepAliveRequests 0'],
  ['haproxy', /^HAProxy \d/u, 'timeout http-keep-alive 600000ms'],
])('%s', (name, software, setting) => {
  it.each([['http'], ['https']])('counts as the kernel and the load do, by %s', async (scheme) => {
    const tls = scheme === 'https' ? ['--tls'] : []
    const measured = await run('--upstream', name, '--variant', 'short', ...tls)

    expect(problemsOf(measured)).toEqual(new Set())
    expect(measured.upstream.software).toMatch(software)
    expect(measured.upstream.configuration).toContain(setting)
    for (const id of ['node', 'node-again']) expect(find(measured, id).connections).toBe(4)
    const { requests, connections, kernelConnections } = find(measured, 'short')
    expect(connections).toBe(requests)
    expect(kernelConnections).toBe(requests)
  })
})

describe('the parameters of a real server', () => {
  it("Apache's MaxKeepAliveRequests ends a connection after its requests", async () => {
    const measured = await run(
      ...['--upstream', 'apache:MaxKeepAliveRequests=10', '--variant', 'agentkeepalive'],
    )
    expect(measured.upstream.configuration).toContain('MaxKeepAliveRequests 10\n')
    // Apache serves one more than it says.
    const { requestsPerConnection } = find(measured, 'node')
    expect(requestsPerConnection).toBeGreaterThan(8)
    expect(requestsPerConnection).toBeLessThanOrEqual(11)
  })

  it("Apache's KeepAlive Off makes every connection a short one", async () => {
    const measured = await run(
      ...['--upstream', 'apache:KeepAlive=Off', '--variant', 'agentkeepalive'],
    )
    expect(find(measured, 'node').requestsPerConnection).toBe(1)
    expect(find(measured, 'agentkeepalive').requestsPerConnection).toBe(1)
  })

  it.each([
    ['apache:KeepAliveTimeout=0.1', 'KeepAliveTimeout 100ms'],
    ['haproxy:timeout-http-keep-alive=100', 'timeout http-keep-alive 100ms'],
    ['node:keepAliveTimeoutMs=100,hint=false', 'keepAliveTimeoutMs 100'],
  ])('%s closes what is idle longer', async (upstream, setting) => {
    const measured = await run(
      ...['--upstream', upstream, '--variant', 'agentkeepalive', '--slice-ms', '1000'],
      ...['--workload', 'gap:gapMs=400,spread=0'],
    )
    expect(measured.upstream.configuration).toContain(setting)
    // Four workers make three or four requests each in two slices; four connections would do.
    expect(find(measured, 'agentkeepalive').connections).toBeGreaterThan(12)
  })
})

describe('a middlebox that forgets idle connections', () => {
  const BOX = [
    ...['--middlebox-idle', '2', '--workload', 'gap:gapMs=3500,spread=0', '--slice-ms', '20'],
    // Node leaves probes of less than a second's delay to the kernel.
    ...['--baseline', 'node:keepAliveMsecs=1', '--variant', 'node:keepAliveMsecs=1'],
    ...['--request-timeout-ms', '5000'],
  ]

  it('lets requests on them vanish', async () => {
    const { requests, failed, errors } = find(await run(...BOX), 'node:keepAliveMsecs=1')
    // The first request of each connection is answered, the second one never.
    expect({ requests, failed }).toEqual({ requests: 8, failed: 8 })
    expect(errors).toEqual({ ['HOLDFAST_BENCH_TIMEOUT']: 8 })
  })

  it("keeps them where Linux' three sysctls let it probe in time", async () => {
    const sysctls = ['time=1', 'intvl=1', 'probes=3'].flatMap((each) => [
      '--sysctl',
      `tcp_keepalive_${each}`,
    ])
    const measured = await run(...BOX, ...sysctls)
    expect(find(measured, 'node:keepAliveMsecs=1')).toMatchObject({
      requests: 16,
      failed: 0,
      connections: 4,
    })
  })
})
