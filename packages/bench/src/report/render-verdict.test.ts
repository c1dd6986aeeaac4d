import { expect, it } from 'vitest'
import { fullResult } from '../../test/sample-result.ts'
import type { Run } from '../bench/bench-result.ts'
import { describeScenario } from './describe-method.ts'
import { failureOf, parseThreshold } from './fail-if.ts'
import { renderRace, renderVerdict } from './render-verdict.ts'

const [RUN] = fullResult().runs
if (RUN === undefined) throw new Error('the sample has a run')

function withScenario(changes: Partial<Run['scenario']>): Run {
  return { ...RUN, scenario: { ...RUN?.scenario, ...changes } } as Run
}

it('is about what the workload is there to find out', () => {
  expect(renderVerdict(RUN)).toMatch(/^long connections: 0\.42x the CPU per request of short ones/u)
  const open = withScenario({ workload: { kind: 'open', rate: 500 } })
  expect(renderVerdict(open)).toMatch(
    /^holdfast: faster, 0\.80x \[[\d.-]+\] the 99th percentile of latency of node$/u,
  )
  const idle = withScenario({ workload: { kind: 'idle' } })
  expect(renderVerdict(idle)).toBe('nothing could be compared')
})

it('counts failed requests where some are expected', () => {
  const participants = RUN.summary.participants.map((each) =>
    each.participant === 'node' ? { ...each, failed: 25 } : each,
  )
  const run = withScenario({ mayFail: true })
  expect(renderVerdict({ ...run, summary: { ...run.summary, participants } })).toBe(
    'failed requests: node 25 of 10,000, node-again 0 of 10,000, short 0 of 10,000, holdfast 0 of 10,000',
  )
})

it('tells a scenario in a few words', () => {
  expect(describeScenario(RUN.scenario)).toBe('gateway path, 50 at a time')
  const changes = {
    workload: { kind: 'gap', gapMs: 1000, spread: 0.02 },
    method: 'POST',
    bodyBytes: 64,
    tls: true,
    origins: 3,
    middleboxIdleSeconds: 5,
  } as const
  expect(describeScenario({ ...RUN.scenario, ...changes })).toBe(
    'gateway path, gap workload gapMs 1000 spread 0.02, 50 at a time, POST of 64 bytes, TLS, 3 origins, a middlebox that forgets after 5 s',
  )
})

it('says what each variant lost to closing connections', () => {
  const outcome = { participant: 'node', requests: 500, lost: 12, errors: { ECONNRESET: 12 } }
  const closeRace = {
    idleMs: 500,
    connections: 50,
    outcomes: [outcome, { ...outcome, participant: 'holdfast', lost: 0 }],
  }
  const run = { ...withScenario({}), closeRace }

  expect(renderRace(run)).toBe(
    'requests lost to closing connections: node 12 of 500, holdfast 0 of 500',
  )
  expect(renderRace(withScenario({}))).toBeUndefined()
  const [exceeded, met] = ['node', 'holdfast'].map((name) =>
    failureOf(run, parseThreshold(`${name}.lostToCloses > 0`, ['node', 'holdfast'])),
  )
  expect(exceeded).toContain('node.lostToCloses > 0: it is 12')
  expect(met).toBeUndefined()
})
