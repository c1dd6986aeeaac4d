import { expect, it } from 'vitest'
import { plannedPolicy } from './planned-policy.ts'

it('takes a base, with settings or without', () => {
  expect(plannedPolicy('default', []).policy.idleTimeoutMs).toBe(55_000)
  expect(plannedPolicy('default:idleTimeoutMs=7', []).policy.idleTimeoutMs).toBe(7)
  expect(plannedPolicy('idleTimeoutMs=7,closeMode=reset', []).policy).toMatchObject({
    idleTimeoutMs: 7,
    closeMode: 'reset',
  })
  expect(plannedPolicy('short', [])).toMatchObject({
    name: 'short',
    guardsPorts: false,
    policy: { maxRequestsPerConnection: 1, closeMode: 'fin' },
  })
})

it('computes the safe one from the path, and says why', () => {
  const { policy, reasons } = plannedPolicy('safe:replay=never', ['apache-2.4', 'aws-alb'])
  expect(policy).toMatchObject({ idleTimeoutMs: 4000, replay: 'never' })
  expect(reasons.join()).toContain('Apache 2.4 closes at 5 000 ms')
})

it.each([
  ['safe', 'give at least one --profile'],
  [
    'long',
    "one of short, default, safe, or key=value,…, or one of those and :key=value,…, got 'long'",
  ],
  ['long:idleTimeoutMs=1', 'must be one of short, default, safe'],
  ['default:idleTimeoutMs', "expected key=value, got 'idleTimeoutMs'"],
  ['idleTimeout=1', '--policy idleTimeout=1: policy.idleTimeout'],
  ['idleTimeoutMs=0', 'a number from 1, or Infinity'],
])('refuses %j', (text, message) => {
  expect(() => plannedPolicy(text, [])).toThrow(message)
})
