import { expect, it } from 'vitest'
import { SAMPLE_SIMULATION, samplePlanInput } from '../../test/sample-plan.ts'
import type { Recommendation } from '../forms/recommendation.ts'
import { makePlan } from './make-plan.ts'
import type { PlanInput } from './plan-input.ts'
import { plannedPolicy } from './planned-policy.ts'

function recommended(
  policies: readonly string[],
  changes: Partial<PlanInput> = {},
): Recommendation | null {
  const input = samplePlanInput({ requestsPerSecond: 400, replicas: 2, ...changes })
  const planned = policies.map((text) => plannedPolicy(text, input.path))
  return makePlan(input, planned, SAMPLE_SIMULATION).recommendation
}

it('takes what dials least, and says how much that is', () => {
  const found = recommended(['short', 'default'])

  expect(found).toMatchObject({ policy: 'default', ties: [], server: [] })
  expect(found?.reasons[0]).toMatch(/% of the requests reuse a connection$/u)
  expect(found?.reasons[1]).toBe('no request fails in the simulation')
  expect(found?.reasons[2]).toMatch(/connections are opened per second, 400 with short$/u)
  expect(found?.code).toBe(
    "import { HttpAgent } from '@holdfast/http-agent'\n\nconst agent = new HttpAgent()",
  )
})

it('takes what fails least before what dials least', () => {
  const mute = { name: 'mute', idleTimeoutMs: 60, hint: 'never' as const }
  const reckless = 'learnIdleLimit=false,staleCheck=none,replay=never'
  const found = recommended([reckless, 'idleTimeoutMs=30'], { path: [mute] })

  expect(found?.policy).toBe('idleTimeoutMs=30')
  expect(found?.code).toContain('idleTimeoutMs: 30,')
})

it('calls a tie one', () => {
  expect(recommended(['default', 'maxQueuedRequests=500'])).toMatchObject({
    policy: 'default',
    ties: ['maxQueuedRequests=500'],
  })
})

it('says what the server would have to change', () => {
  const capped = { name: 'capped', maxRequests: 20 }
  const [cap] = recommended(['default'], { path: [capped] })?.server ?? []
  expect(cap).toMatch(/^raise its cap of 20 requests per connection .* causes \d.* % of the/u)
  const short = { name: 'short-lived', idleTimeoutMs: 2000, hint: 'always' as const }
  const [idle] = recommended(['default'], { path: [short], requestsPerSecond: 4 })?.server ?? []
  expect(idle).toMatch(/^lengthen its idle time-out of 2 s .* to more than 56 s/u)
})
