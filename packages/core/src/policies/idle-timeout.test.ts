import { expect, it } from 'vitest'
import { connectionFacts } from '../../test/connection-facts.ts'
import { idleTimeout } from './idle-timeout.ts'

const connection = connectionFacts({ idleSinceMs: 100 })

it.each([
  [100, 150],
  [149, 150],
  [150, 'idle_timeout'],
  [151, 'idle_timeout'],
])('an idle timeout of 50 ms judges a connection idle since 100, at %i: %s', (nowMs, verdict) => {
  expect(idleTimeout(50)(connection, nowMs)).toBe(verdict)
})
