import type { BenchResult, Slice, Timeline } from '../src/bench/bench-result.ts'
import { cpuOf, sampleResult, sampleRun, sampleSlice } from './sample-record.ts'

const MEASURED_BLOCKS = 9

/** A latency histogram whose tail is long enough to be drawn. */
function latencyOf(typicalUs: number): Slice['latency'] {
  return [
    [typicalUs, 6000],
    [typicalUs * 2, 3000],
    [typicalUs * 4, 900],
    [typicalUs * 16, 90],
    [typicalUs * 32, 10],
  ]
}

/** The baseline's CPU per request goes up and down by this factor, block by block. */
const WOBBLE = [1, 1.002, 0.998]

interface Costs {
  readonly [participant: string]: number
}

function sliceOf(participant: string, costs: Costs, block: number): Slice {
  const cost = (costs[participant] ?? 1) * (WOBBLE[block % WOBBLE.length] ?? 1)
  const isShort = participant === 'short'
  const connections = isShort ? 1000 : block === 0 ? 50 : 0
  return sampleSlice(participant, {
    ...cpuOf(40_000 * cost),
    elapsedMs: 100 * cost,
    latency: latencyOf(500 * cost),
    upstream: { requests: 1000, connections },
    kernelConnections: connections,
    timeWaits: isShort ? { client: 12, upstream: 988 } : { client: 0, upstream: 0 },
  })
}

function timelineOf(participant: string): Timeline {
  const isShort = participant === 'short'
  return {
    participant,
    completed: 20_000,
    failed: 0,
    elapsedMs: 1000,
    samples: Array.from({ length: 21 }, (_, index) => ({
      atMs: index * 50,
      client: isShort
        ? { ESTABLISHED: 30, SYN_SENT: 2, TIME_WAIT: index * 10 }
        : { ESTABLISHED: 50 },
      upstream: isShort
        ? { LISTEN: 1, ESTABLISHED: 28, FIN_WAIT_2: 3, TIME_WAIT: index * 990 }
        : { LISTEN: 1, ESTABLISHED: 50 },
    })),
    connectionUses: isShort
      ? [[1, 20_000]]
      : [
          [390, 20],
          [410, 30],
        ],
  }
}

/** A result with everything in it, in which a variant costs so much of the baseline's CPU and time. */
export function fullResult(costs: Costs = { short: 2.4, holdfast: 0.8 }): BenchResult {
  const variants = Object.keys(costs)
  const participants = ['node', 'node-again', ...variants]
  const blocks = Array.from({ length: 1 + MEASURED_BLOCKS }, (_, block) =>
    participants.map((participant) => sliceOf(participant, costs, block)),
  )
  const run = sampleRun(variants, blocks)
  const timelines = ['node', ...variants].map(timelineOf)
  return sampleResult({ ...run, timelines })
}
