import { describe, expect, it, vi } from 'vitest'
import { PoolHarness } from '../test/pool-harness.ts'
import type { TestConnection } from '../test/recording-effects.ts'
import type { CloseReason } from './close-reason.ts'

const policy = { staleCheck: 'peek' } as const

describe('the peek', () => {
  it('is made of an idle connection about to be reused, at that instant', () => {
    const peek = vi.fn<(connection: TestConnection, request: string, nowMs: number) => undefined>()
    const harness = new PoolHarness({ policy, reactions: { peek } })
    harness.makeIdle(1)
    harness.nowMs = 7
    harness.lease('r2')
    expect(peek).toHaveBeenCalledExactlyOnceWith(harness.connection(1), 'r2', 7)
    expect(harness.takeLog()).toEqual(['peek 1', 'grant 1 to r2'])
  })

  it.each<CloseReason>(['peer_fin', 'peer_reset', 'stray_data', 'error'])(
    'that finds %s closes the connection and looks at the next',
    (reason) => {
      const isDead = (connection: TestConnection) => connection.id > 1
      const harness = new PoolHarness({
        policy,
        reactions: { peek: (connection) => (isDead(connection) ? reason : undefined) },
      })
      harness.makeIdle(3)
      harness.lease('r')
      expect(harness.takeLog()).toEqual([
        'peek 3',
        `close 3: ${reason}`,
        'peek 2',
        `close 2: ${reason}`,
        'peek 1',
        'grant 1 to r',
      ])
    },
  )

  it('that refuses every idle connection leads to a dial', () => {
    const harness = new PoolHarness({ policy, reactions: { peek: () => 'peer_fin' } })
    harness.makeIdle(2)
    harness.await('r')
    expect(harness.takeLog()).toEqual([
      'peek 2',
      'close 2: peer_fin',
      'peek 1',
      'close 1: peer_fin',
      'dial 3 for r',
    ])
  })

  it('that refuses every idle connection lets the request wait where the cap is reached', () => {
    const harness = new PoolHarness({
      policy,
      caps: { maxPerOrigin: 2 },
      reactions: { peek: () => 'peer_reset' },
    })
    harness.makeIdle(2)
    harness.await('r')
    harness.begin()
    harness.closed(1)
    expect(harness.takeLog()).toEqual(['dial 3 for r'])
  })

  it('looks at the connection idle longest first with fifo', () => {
    const harness = new PoolHarness({
      policy,
      scheduling: 'fifo',
      reactions: { peek: (connection) => (connection.id === 1 ? 'peer_fin' : undefined) },
    })
    harness.makeIdle(2)
    harness.lease('r')
    expect(harness.takeLog()).toEqual(['peek 1', 'close 1: peer_fin', 'peek 2', 'grant 2 to r'])
  })
})

describe('no peek is made', () => {
  it('of a connection that the policies refuse', () => {
    const harness = new PoolHarness({ policy: { ...policy, idleTimeoutMs: 50 } })
    harness.makeIdle(1)
    harness.nowMs = 50
    harness.lease('r')
    expect(harness.takeLog()).toEqual(['close 1: idle_timeout', 'dial 2 for r'])
  })

  it('of a connection fresh from its dial, nor of one handed from request to waiter', () => {
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 1 } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.release(1)
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'grant 1 to r1', 'grant 1 to r2'])
  })

  it.each(['fence', 'none'] as const)('with a stale check of %s', (staleCheck) => {
    const harness = new PoolHarness({ policy: { staleCheck } })
    harness.makeIdle(1)
    harness.lease('r')
    expect(harness.takeLog()).toEqual(['grant 1 to r'])
  })
})
