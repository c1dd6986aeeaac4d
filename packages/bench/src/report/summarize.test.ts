import { describe, expect, it } from 'vitest'
import { sampleRecord, sampleSlice, shortAgainstLong } from '../../test/sample-record.ts'
import type { BenchRecord, Comparison, ParticipantSummary, Slice } from './bench-result.ts'
import { summarize } from './summarize.ts'

function participant(record: BenchRecord, id: string): ParticipantSummary {
  const found = summarize(record).participants.find((each) => each.participant === id)
  if (found === undefined) throw new Error(`no participant ${id}`)
  return found
}

function cpuOf(record: BenchRecord, candidate: string): Comparison | undefined {
  return summarize(record).comparisons.find(
    (each) =>
      each.candidate === candidate && each.reference === 'node' && each.metric === 'cpuPerRequest',
  )
}

/** Blocks in which `short` and the baseline need the given CPU time for 1,000 requests. */
function blocksOf(pairs: readonly (readonly [Partial<Slice>, Partial<Slice>])[]): BenchRecord {
  return sampleRecord(
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
  const warmUp = { cpuUs: 9_000_000, p50Us: 90_000 }
  const invalid = { cpuUs: 1, p50Us: 1, problems: ['counts disagree'] }

  it('are medians that leave out warm-up and invalid slices', () => {
    const record = blocksOf([
      [warmUp, {}],
      [{ cpuUs: 200_000, p50Us: 600 }, {}],
      [invalid, {}],
      [{ cpuUs: 400_000, p50Us: 800 }, {}],
    ])
    expect(participant(record, 'short')).toMatchObject({
      cpuPerRequestUs: 300,
      p50Us: 700,
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
    expect(cpuOf(record, 'short')).toBeUndefined()
  })
})

describe('comparisons', () => {
  it('pair the slices of a block and leave out blocks with an invalid one', () => {
    const record = blocksOf([
      [{ cpuUs: 1 }, {}],
      [{ cpuUs: 100 }, { cpuUs: 50 }],
      [{ cpuUs: 900 }, { cpuUs: 300 }],
      [{ cpuUs: 4 }, { cpuUs: 1, problems: ['counts disagree'] }],
      [{ cpuUs: 40 }, { cpuUs: 10 }],
    ])
    const comparison = cpuOf(record, 'short')
    expect(comparison?.blocks).toBe(3)
    expect(comparison?.ratio).toBeCloseTo(3, 12)
  })

  it('claim what is beyond the noise floor, better or worse by the metric', () => {
    const { comparisons, noiseFloor } = summarize(shortAgainstLong())
    expect(noiseFloor.cpuPerRequest).toBeCloseTo(1.0025, 2)
    const verdicts = comparisons.map(({ candidate, reference, metric, verdict }) =>
      [candidate, reference, metric, verdict].join(' '),
    )
    expect(verdicts).toEqual([
      'node short cpuPerRequest faster',
      'node short throughput faster',
      'node-again node cpuPerRequest unsure',
      'node-again node throughput unsure',
      'short node cpuPerRequest slower',
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
