import type { BenchResult, Block, RunRecord, Slice } from '../src/bench/bench-result.ts'
import { participantsOf } from '../src/bench/method/participants.ts'
import { summarize } from '../src/bench/method/summarize.ts'
import { parseUpstream } from '../src/bench/upstreams/upstream.ts'
import type { Variant } from '../src/bench/variants/variant.ts'

/** A valid slice of 1,000 requests at 100 µs of CPU each, 10,000 per second. */
export function sampleSlice(participant: string, changes: Partial<Slice> = {}): Slice {
  return {
    participant,
    requests: 1000,
    completed: 1000,
    non2xx: 0,
    elapsedMs: 100,
    failed: 0,
    lost: changes.failed ?? 0,
    latency: latencyOf(500, 2000),
    cpuUserUs: 60_000,
    cpuSystemUs: 40_000,
    bytesPerConnection: null,
    errors: {},
    loadErrors: {},
    upstream: { requests: 1000, connections: 0 },
    loadConnections: 50,
    eventLoopUtilization: 0.9,
    kernel: null,
    kernelConnections: 0,
    timeWaits: { client: 0, upstream: 0 },
    problems: [],
    warnings: [],
    ...changes,
  }
}

/** A thousand latencies with this median and this 99th percentile. */
export function latencyOf(p50Us: number, p99Us: number): Slice['latency'] {
  return [
    [p50Us, 900],
    [p99Us, 100],
  ]
}

/** Half of the CPU time of a slice in user space. */
export function cpuOf(us: number): Pick<Slice, 'cpuUserUs' | 'cpuSystemUs'> {
  return { cpuUserUs: us / 2, cpuSystemUs: us / 2 }
}

/** A built-in client as it comes. */
export function sampleVariant(name: string): Variant {
  return { name, client: name, options: {} }
}

/** A run of the given blocks, of which the first is warm-up. */
export function sampleRun(
  variants: readonly string[],
  slicesOfBlocks: readonly (readonly Slice[])[],
): RunRecord {
  return {
    scenario: {
      baseline: 'node',
      participants: participantsOf(sampleVariant('node'), variants.map(sampleVariant)),
      path: 'gateway',
      upstream: parseUpstream('node'),
      workload: { kind: 'closed' },
      method: 'GET',
      bodyBytes: 0,
      tls: false,
      origins: 1,
      connections: 50,
      requestTimeoutMs: 10_000,
      middleboxIdleSeconds: null,
      mayFail: false,
      blocks: 7,
      forks: 1,
      sliceMs: 100,
      warmUpMs: 700,
      timelineMs: 0,
      raceMs: 0,
      seed: 42,
    },
    upstream: {
      software: 'Node 26.0.0',
      configuration: 'keepAliveTimeout 600000',
      countsUnused: true,
    },
    stoppingRule: 'blocks, fixed in advance: 7',
    blocks: slicesOfBlocks.map(
      (slices, index): Block => ({
        index,
        fork: 0,
        warmUp: index === 0,
        slices,
      }),
    ),
    waking: 25_000,
    timelines: [],
    closeRace: null,
  }
}

/** The result of a command that made these runs. */
export function sampleResult(...runs: readonly RunRecord[]): BenchResult {
  return {
    schema: 'holdfast.bench/4',
    version: '1.2.3',
    commit: null,
    versions: { undici: '7.0.0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    machine: {
      cpuModel: 'Sample CPU',
      cores: 2,
      kernel: 'Linux 6.1',
      nodeVersion: 'v26.0.0',
      loadAverage: [0.1, 0.2, 0.3],
      memoryBytes: 8e9,
      governor: null,
      sysctls: {
        'net.ipv4.tcp_tw_reuse': '2',
        'net.ipv4.ip_local_port_range': '32768 60999',
      },
    },
    pinning: { pinned: true, clientCpu: 0, otherCpu: 1 },
    isolation: { isolated: true, processes: true },
    busyShare: 0.01,
    warnings: [],
    runs: runs.map((run) => ({ ...run, summary: summarize(run) })),
  }
}

/** Eight blocks, a warm-up and seven measured, in which every connection is opened at first. */
export function shortAgainstLong(): RunRecord {
  const long = (participant: string, cpuUs: number, block: number): Slice => {
    const connections = block === 0 ? 50 : 0
    return sampleSlice(participant, {
      ...cpuOf(cpuUs),
      upstream: { requests: 1000, connections },
      kernelConnections: connections,
    })
  }
  const blocks = Array.from({ length: 8 }, (_, block) => [
    long('node', 40_000 + block * 10, block),
    long('node-again', 40_100 - block * 10, block),
    sampleSlice('short', {
      elapsedMs: 250,
      upstream: { requests: 1000, connections: 1000 },
      kernelConnections: 1000,
      timeWaits: { client: 100, upstream: 900 },
    }),
  ])
  return sampleRun(['short'], blocks)
}
