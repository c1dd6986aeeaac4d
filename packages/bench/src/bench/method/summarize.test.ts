import { describe, expect, it } from 'vitest'
import {
  cpuOf,
  latencyOf,
  sampleRun,
  sampleSlice,
  shortAgainstLong,
} from '../../../test/sample-record.ts'
import type { Comparison, ParticipantSummary, RunRecord, Slice } from '../bench-result.ts'
import { summarize } from './summarize.ts'

function participant(record: RunRecord, id: string): ParticipantSummary {
  const found = summarize(record).participants.find((each) => each.participant === id)
  if (found === undefined) throw new Error(`no participant ${id}`)
  return found
}

function comparisonOf(record: RunRecord, candidate: string): Comparison | undefined {
  return summarize(record).comparisons.find(
    (each) =>
      each.candidate === candidate && each.reference === 'node' && each.metric === 'cpuPerRequest',
  )
}

/** Blocks in which `short` and the baseline need the given CPU time for 1,000 requests. */
function blocksOf(pairs: readonly (readonly [Partial<Slice>, Partial<Slice>])[]): RunRecord {
  return sampleRun(
    ['short'],
    pairs.map(([short, node]) => [sampleSlice('short', short), sampleSlice('node', node)]),
  )
}

describe('counts', () => {
  it('are sums over the whole run, warm-up included', () => {
    expect(participant(shortAgainstLong(), 'node')).toMatchObject({
      requests: 8000,
      connections: 50,
      kernelConnections: 50,
      requestsPerConnection: 160,
      timeWaits: { client: 0, upstream: 0 },
    })
    expect(participant(shortAgainstLong(), 'short')).toMatchObject({
      requests: 8000,
      connections: 8000,
      requestsPerConnection: 1,
      timeWaits: { client: 800, upstream: 7200 },
    })
  })

  it('are not known as soon as one of them is not', () => {
    const unknown = { kernelConnections: null, timeWaits: null }
    const record = blocksOf([
      [{}, {}],
      [unknown, {}],
    ])
    expect(participant(record, 'short')).toMatchObject(unknown)
    expect(participant(record, 'node').kernelConnections).toBe(0)
  })

  it('have no requests per connection without connections', () => {
    expect(participant(blocksOf([[{}, {}]]), 'short').requestsPerConnection).toBeNull()
  })

  it('add up errors by code', () => {
    const record = blocksOf([
      [{ errors: { ECONNRESET: 1 } }, {}],
      [{ errors: { ECONNRESET: 2, EPIPE: 1 }, loadErrors: { EPIPE: 4 } }, {}],
    ])
    expect(participant(record, 'short').errors).toEqual({ ECONNRESET: 3, EPIPE: 5 })
  })
})

describe('times', () => {
  const warmUp = { ...cpuOf(9_000_000), latency: latencyOf(90_000, 90_000) }
  const invalid = { ...cpuOf(1), latency: latencyOf(1, 1), problems: ['counts disagree'] }

  it('are medians that leave out warm-up and invalid slices', () => {
    const record = blocksOf([
      [warmUp, {}],
      [{ ...cpuOf(200_000), latency: latencyOf(200, 300) }, {}],
      [invalid, {}],
      [{ ...cpuOf(400_000), latency: latencyOf(220, 300) }, {}],
    ])
    expect(participant(record, 'short')).toMatchObject({
      cpuPerRequestUs: 300,
      userCpuPerRequestUs: 150,
      p50Us: 210,
      p99Us: 300.5,
      requestsPerSecond: 10_000,
    })
    expect(summarize(record)).toMatchObject({ invalidSlices: 1, slices: 8 })
  })

  it('are not known if nothing valid was measured', () => {
    const record = blocksOf([
      [{}, {}],
      [invalid, {}],
    ])
    expect(participant(record, 'short')).toMatchObject({ cpuPerRequestUs: null, p50Us: null })
    expect(comparisonOf(record, 'short')).toBeUndefined()
  })
})

describe('comparisons', () => {
  it('pair the slices of a block and leave out blocks with an invalid one', () => {
    const record = blocksOf([
      [cpuOf(1), {}],
      [cpuOf(100), cpuOf(50)],
      [cpuOf(900), cpuOf(300)],
      [cpuOf(4), { ...cpuOf(1), problems: ['counts disagree'] }],
      [cpuOf(40), cpuOf(10)],
    ])
    const comparison = comparisonOf(record, 'short')
    expect(comparison?.blocks).toBe(3)
    expect(comparison?.ratio).toBeCloseTo(3, 12)
  })

  it('claim what is beyond the noise floor, better or worse by the metric', () => {
    const { comparisons, noiseFloor } = summarize(shortAgainstLong())
    expect(noiseFloor.cpuPerRequest).toBeCloseTo(1.0025, 2)
    const verdicts = comparisons
      .filter(({ metric }) => metric !== 'p50' && metric !== 'p99')
      .map(({ candidate, reference, metric, verdict }) =>
        [candidate, reference, metric, verdict].join(' '),
      )
    expect(verdicts).toEqual([
      'node short cpuPerRequest faster',
      'node short userCpuPerRequest faster',
      'node short throughput faster',
      'node-again node cpuPerRequest unsure',
      'node-again node userCpuPerRequest unsure',
      'node-again node throughput unsure',
      'short node cpuPerRequest slower',
      'short node userCpuPerRequest slower',
      'short node throughput slower',
    ])
  })

  it('claim nothing after too few blocks', () => {
    const { blocks, ...rest } = shortAgainstLong()
    const { comparisons, noiseFloor } = summarize({ ...rest, blocks: blocks.slice(0, 6) })
    expect(noiseFloor.cpuPerRequest).toBeNull()
    expect(new Set(comparisons.map(({ verdict }) => verdict))).toEqual(new Set(['unsure']))
  })
})
