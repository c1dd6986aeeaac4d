import { expect, it } from 'vitest'
import { serverModelOf } from './server-model-of.ts'

const NEVER = Number.POSITIVE_INFINITY

it('takes a profile by its name', () => {
  expect(serverModelOf(['apache-2.4'])).toEqual({
    idleTimeoutMs: 5000,
    maxRequests: 100,
    announces: true,
    closes: 'fin',
    forgetsAfterMs: NEVER,
    timeWaitMs: 60_000,
  })
})

it('takes the strictest member of a path, and tells silence from a close', () => {
  const own = { name: 'own', idleTimeoutMs: 90_000, maxRequests: 7, closes: 'reset' as const }
  expect(serverModelOf(['aws-nat-gateway', own, 'nginx'])).toMatchObject({
    idleTimeoutMs: 75_000,
    maxRequests: 7,
    announces: false,
    closes: 'fin',
    forgetsAfterMs: 350_000,
  })
  expect(serverModelOf([own])).toMatchObject({ idleTimeoutMs: 90_000, closes: 'reset' })
})

it('expects nothing of nobody', () => {
  expect(serverModelOf([])).toMatchObject({ idleTimeoutMs: NEVER, maxRequests: NEVER })
})
