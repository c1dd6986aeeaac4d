import { resolvePolicy } from '@holdfast/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ANSWER,
  counted,
  endedIdle,
  LAST_ANSWER,
  observationsOf,
  openIdle,
} from '../../../test/probe-records.ts'
import type { Observations } from '../observing/observation.ts'
import { type Advice, advise } from './advise.ts'
import { findAll } from './find-all.ts'

const adviseOn = (some: Partial<Observations>): Advice =>
  advise(findAll(observationsOf(some)), '127.0.0.1:8080', 'a test')

const HINTING = { ...ANSWER, keepAlive: 'timeout=2' }

describe('the advised policy', () => {
  it('stays below what was measured, and says why', () => {
    const { policy, reasons } = adviseOn({
      idle: [endedIdle(3004), endedIdle(3001.7)],
      counted: [counted(7, { last: LAST_ANSWER }), counted(7, { last: LAST_ANSWER })],
    })

    expect(policy).toMatchObject({ idleTimeoutMs: 2000, maxRequestsPerConnection: 6 })
    expect(reasons.idleTimeoutMs).toEqual([
      'idle 2 000 ms: 127.0.0.1:8080 closes at 3 000 ms, margin 1 000 ms',
    ])
  })

  it.each([
    ['later', [endedIdle(3000, 'fin', HINTING)], 1000],
    ['earlier', [endedIdle(1500, 'fin', HINTING)], 500],
  ])('follows the shorter of hint and measurement where it closes %s', (_, idle, expected) => {
    expect(adviseOn({ idle }).policy.idleTimeoutMs).toBe(expected)
  })

  it('takes the default where that is known to be safe', () => {
    const { policy, warnings } = adviseOn({ idle: [openIdle(80_000)] })

    expect(policy.idleTimeoutMs).toBe(55_000)
    expect(warnings).toEqual([])
  })

  it('does not trust a connection for longer than it was seen to last', () => {
    const { policy, reasons } = adviseOn({ idle: [openIdle(10_000)] })

    expect(policy.idleTimeoutMs).toBe(9000)
    expect(reasons.idleTimeoutMs).toEqual([
      'still open after 10000 ms, when the probe stopped waiting',
    ])
  })

  it('stays below the longest wait that was answered where connections are lost', () => {
    const lost = { kind: 'silent', code: null } as const
    const { policy, warnings } = adviseOn({ idle: [openIdle(8000, lost), openIdle(4000)] })

    expect(policy.idleTimeoutMs).toBe(3000)
    expect(policy.tcpKeepAlive.delayMs).toBeLessThan(4000)
    expect(warnings).toContain(
      'connections are lost silently, at the server or on the way: the policy stays below the longest wait that was answered',
    )
  })

  it('takes no number for a cap that another connection has passed', () => {
    const two = [counted(75), counted(110, { everyMs: 25, ends: false })]
    const { policy } = adviseOn({ counted: two })

    expect(policy.maxRequestsPerConnection).toBe(Number.POSITIVE_INFINITY)
  })

  it('uses no connection twice where each response is the last', () => {
    const { policy } = adviseOn({
      idle: [endedIdle(0.4, 'fin', LAST_ANSWER)],
      counted: [counted(1, { last: LAST_ANSWER })],
    })

    expect(policy.maxRequestsPerConnection).toBe(1)
  })
})

it('is always a policy that an agent takes, and below every limit that was seen', () => {
  const wait = fc.oneof(
    fc.double({ min: 0.1, max: 9e6, noNaN: true }).map((ms) => endedIdle(ms)),
    fc.double({ min: 0.1, max: 9e6, noNaN: true }).map((ms) => openIdle(ms)),
    fc
      .double({ min: 0.1, max: 9e6, noNaN: true })
      .map((ms) => openIdle(ms, { kind: 'reset', code: null })),
  )
  const count = fc.integer({ min: 1, max: 200 }).map((served) => counted(served))
  fc.assert(
    fc.property(
      fc.array(wait, { minLength: 1, maxLength: 3 }),
      fc.array(count, { maxLength: 2 }),
      (idle, counts) => {
        const { policy } = adviseOn({ idle, counted: counts })
        const endsMs = idle
          .filter(({ connection }) => connection.ending !== null)
          .map(({ connection }) => (connection.ending?.atMs ?? 0) - 1)

        expect(() => resolvePolicy(policy)).not.toThrow()
        expect(policy.idleTimeoutMs).toBeLessThanOrEqual(Math.max(1, Math.min(...endsMs)))
        expect(policy.maxRequestsPerConnection).toBeGreaterThanOrEqual(1)
      },
    ),
  )
})
