import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { poolOccupancy, type RequestStream } from './pool-occupancy.ts'

const UNCAPPED = { maxConnections: Number.POSITIVE_INFINITY }

const streams: fc.Arbitrary<RequestStream> = fc
  .record({
    requestsPerSecond: fc.double({ min: 0.01, max: 5000, noNaN: true }),
    holdMs: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    idleTimeoutMs: fc.double({ min: 1, max: 600_000, noNaN: true }),
  })
  .map((stream) => ({ ...stream, ...UNCAPPED }))

describe('poolOccupancy', () => {
  it('opens one connection per request where nothing may stay idle', () => {
    const stream = { requestsPerSecond: 100, holdMs: 20, idleTimeoutMs: 1e-6, ...UNCAPPED }
    const occupancy = poolOccupancy(stream)
    expect(occupancy.opensPerSecond).toBeCloseTo(100, 2)
    expect(occupancy.meanConnections).toBeCloseTo(2, 3)
  })

  // With one request at a time that lasts no time, a connection is opened for each gap that is
  // longer than the timeout: λ e^(−λT).
  it('agrees with what is known of short requests that never overlap', () => {
    const stream = { requestsPerSecond: 1, holdMs: 0.001, idleTimeoutMs: 2000, ...UNCAPPED }
    expect(poolOccupancy(stream).opensPerSecond).toBeCloseTo(Math.exp(-2), 3)
    expect(poolOccupancy(stream).meanConnections).toBeCloseTo(1 - Math.exp(-2), 2)
  })

  it('holds no more than the cap', () => {
    const stream = { requestsPerSecond: 1000, holdMs: 20, idleTimeoutMs: 5000, maxConnections: 12 }
    const occupancy = poolOccupancy(stream)
    expect(occupancy.peakConnections).toBeLessThanOrEqual(12)
    expect(occupancy.meanConnections).toBeLessThanOrEqual(12)
    expect(occupancy.opensPerSecond).toBeLessThan(1)
  })

  it('keeps within its bounds, and keeps more and opens less with a longer timeout', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const inProgress = (stream.requestsPerSecond * stream.holdMs) / 1000
        const now = poolOccupancy(stream)
        const patient = poolOccupancy({ ...stream, idleTimeoutMs: 2 * stream.idleTimeoutMs })
        expect(now.opensPerSecond).toBeGreaterThanOrEqual(0)
        expect(now.opensPerSecond).toBeLessThanOrEqual(stream.requestsPerSecond * (1 + 1e-9))
        expect(now.meanConnections).toBeGreaterThan(inProgress * 0.999 - 1e-3)
        expect(now.peakConnections).toBeGreaterThanOrEqual(Math.floor(now.meanConnections))
        const tolerance = 1e-3 * (1 + now.meanConnections)
        expect(patient.meanConnections).toBeGreaterThan(now.meanConnections - tolerance)
        const openTolerance = 1e-3 * stream.requestsPerSecond
        expect(patient.opensPerSecond).toBeLessThan(now.opensPerSecond + openTolerance)
      }),
      { numRuns: 50 },
    )
  })

  it('takes ten thousand requests at a time', () => {
    const stream = { requestsPerSecond: 1e6, holdMs: 10, idleTimeoutMs: 55_000, ...UNCAPPED }
    const occupancy = poolOccupancy(stream)
    expect(occupancy.meanConnections).toBeGreaterThan(10_000)
    expect(occupancy.peakConnections).toBeLessThan(10_700)
  })
})
