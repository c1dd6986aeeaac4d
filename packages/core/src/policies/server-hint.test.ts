import { describe, expect, it } from 'vitest'
import { connectionFacts } from '../../test/connection-facts.ts'
import type { ConnectionFacts } from './policy.ts'
import { serverHint } from './server-hint.ts'

const hinted = (hint: Partial<ConnectionFacts>): ConnectionFacts =>
  connectionFacts({ idleSinceMs: 1000, ...hint })

describe('serverHint', () => {
  const judge = serverHint(1000)

  it('leaves a connection without a hint alone', () => {
    expect(judge(hinted({}), 1e9)).toBe(Number.POSITIVE_INFINITY)
  })

  it('refuses from the announced time-out on, less the margin', () => {
    const connection = hinted({ hintedIdleMs: 5000 })
    expect(judge(connection, 4999)).toBe(5000)
    expect(judge(connection, 5000)).toBe('server_hint')
    expect(judge(connection, 5001)).toBe('server_hint')
  })

  it('allows no reuse where the time-out is no longer than the margin', () => {
    expect(judge(hinted({ hintedIdleMs: 1000 }), 1000)).toBe('server_hint')
    expect(judge(hinted({ hintedIdleMs: 0 }), 1000)).toBe('server_hint')
    expect(judge(hinted({ hintedIdleMs: 1001 }), 1000)).toBe(1001)
  })

  it('refuses once the announced requests are served', () => {
    expect(judge(hinted({ hintedRequestLimit: 2 }), 1000)).toBe(Number.POSITIVE_INFINITY)
    expect(judge(hinted({ hintedRequestLimit: 1 }), 1000)).toBe('server_hint')
  })
})
