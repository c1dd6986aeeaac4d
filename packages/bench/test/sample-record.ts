import type { BenchRecord, Block, Slice } from '../src/report/bench-result.ts'
import type { VariantName } from '../src/variants.ts'

/** A valid slice of 1,000 requests at 100 µs of CPU each, 10,000 per second. */
export function sampleSlice(participant: string, changes: Partial<Slice> = {}): Slice {
  return {
    participant,
    requests: 1000,
    completed: 1000,
    non2xx: 0,
    elapsedMs: 100,
    p50Us: 500,
    p99Us: 2000,
    cpuUs: 100_000,
    errors: {},
    loadErrors: {},
    upstream: { requests: 1000, connections: 0 },
    loadConnections: 50,
    kernelConnections: 0,
    timeWaits: { client: 0, upstream: 0 },
    problems: [],
    warnings: [],
    ...changes,
  }
}

/** A run of the given blocks, of which the first is warm-up. */
export function sampleRecord(
  variants: readonly VariantName[],
  slicesOfBlocks: readonly (readonly Slice[])[],
): BenchRecord {
  return {
    schema: 'holdfast.bench/1',
    version: '1.2.3',
    startedAt: '2026-01-01T00:00:00.000Z',
    machine: {
      cpuModel: 'Sample CPU',
      cores: 2,
      kernel: 'Linux 6.1',
      nodeVersion: 'v26.0.0',
      loadAverage: [0.1, 0.2, 0.3],
      tcpTwReuse: 2,
      ephemeralPorts: [32_768, 60_999],
    },
    pinning: { pinned: true, clientCpu: 0, otherCpu: 1 },
    options: { variants, path: 'gateway', connections: 50, blocks: 7, sliceMs: 100, seed: 42 },
    stoppingRule: 'blocks, fixed in advance: 7',
    blocks: slicesOfBlocks.map((slices, index): Block => ({ index, warmUp: index === 0, slices })),
  }
}

/** Eight blocks, a warm-up and seven measured, in which every connection is opened at first. */
export function shortAgainstLong(): BenchRecord {
  const long = (participant: string, cpuUs: number, block: number): Slice => {
    const connections = block === 0 ? 50 : 0
    return sampleSlice(participant, {
      cpuUs,
      upstream: { requests: 1000, connections },
      kernelConnections: connections,
    })
  }
  const blocks = Array.from({ length: 8 }, (_, block) => [
    long('node', 40_000 + block * 10, block),
    long('node-again', 40_100 - block * 10, block),
    sampleSlice('short', {
      cpuUs: 100_000,
      elapsedMs: 250,
      upstream: { requests: 1000, connections: 1000 },
      kernelConnections: 1000,
      timeWaits: { client: 100, upstream: 900 },
    }),
  ])
  return sampleRecord(['short'], blocks)
}
