import { describe, expect, it, vi } from 'vitest'
import type { CloseReason } from '../../src/connection/close-reason.ts'
import type { Look } from '../../src/effects.ts'
import { PoolHarness } from '../pool-harness.ts'
import type { TestConnection } from '../recording-effects.ts'
import type { TestRequest } from '../test-request.ts'

const policy = { staleCheck: 'peek' } as const

describe('the peek', () => {
  it('is made of an idle connection about to be reused, at that instant', () => {
    const peek =
      vi.fn<(connection: TestConnection, request: TestRequest, nowMs: number) => undefined>()
    const harness = new PoolHarness({ policy, reactions: { peek } })
    harness.makeIdle(1)
    harness.nowMs = 7
    harness.lease('r2')
    expect(peek).toHaveBeenCalledExactlyOnceWith(harness.connection(1), harness.request('r2'), 7)
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

  it('of a connection fresh from its dial', () => {
    const harness = new PoolHarness({ policy })
    harness.makeLeased('r1')
    expect(harness.takeLog()).toEqual(['dial 1 for r1', 'grant 1 to r1'])
  })

  it('of a connection that is given back to nobody, or retired while it was in use', () => {
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 2 } })
    harness.makeLeased('r1')
    harness.makeLeased('r2')
    harness.retire(2, 'response_close')
    harness.begin()
    harness.release(1, 2)
    expect(harness.takeLog()).toEqual(['close 2: response_close'])
  })

  it('where staleCheck is none, however the connection comes to be used again', () => {
    const harness = new PoolHarness({ policy: { staleCheck: 'none' }, caps: { maxPerOrigin: 1 } })
    harness.makeIdle(1)
    harness.lease('r1')
    harness.await('r2')
    harness.release(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r1', 'grant 1 to r2'])
    expect(harness.connection(1).isSure).toBe(true)
  })
})

describe('a connection that is given back while a request waits', () => {
  it('is looked at for that request, at that instant', () => {
    const peek =
      vi.fn<(connection: TestConnection, request: TestRequest, nowMs: number) => undefined>()
    const harness = new PoolHarness({ policy, caps: { maxPerOrigin: 1 }, reactions: { peek } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.nowMs = 7
    harness.release(1)
    expect(peek).toHaveBeenCalledExactlyOnceWith(harness.connection(1), harness.request('r2'), 7)
    expect(harness.takeLog()).toEqual(['peek 1', 'grant 1 to r2'])
  })

  it.each<CloseReason>(['peer_fin', 'peer_reset', 'stray_data', 'error'])(
    'is closed where the look finds %s, and the request is dialled for in its place',
    (reason) => {
      const harness = new PoolHarness({
        policy,
        caps: { maxPerOrigin: 1 },
        reactions: { peek: () => reason },
      })
      harness.makeLeased('r1')
      harness.await('r2')
      harness.begin()
      harness.release(1)
      expect(harness.takeLog()).toEqual(['peek 1', `close 1: ${reason}`])
      expect(harness.stats).toMatchObject({ closing: 1, waiting: 1, queued: 1, idle: 0 })
      harness.closed(1)
      expect(harness.takeLog()).toEqual(['dial 2 for r2'])
      harness.open(2)
      expect(harness.takeLog()).toEqual(['grant 2 to r2'])
    },
  )

  it('leaves the request its own dial where it is found dead', () => {
    const harness = new PoolHarness({ policy, reactions: { peek: () => 'peer_fin' } })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.release(1)
    harness.closed(1)
    harness.open(2)
    expect(harness.takeLog()).toEqual(['peek 1', 'close 1: peer_fin', 'grant 2 to r2'])
  })

  it('teaches nothing about idle times where it is found dead', () => {
    const harness = new PoolHarness({
      policy,
      caps: { maxPerOrigin: 1 },
      reactions: { peek: () => 'peer_fin' },
    })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.nowMs = 10_000
    harness.release(1)
    expect(harness.connection(1).origin.learnedIdleMs).toBeUndefined()
  })

  it('is not looked at where the policies refuse it', () => {
    const harness = new PoolHarness({
      policy: { ...policy, maxConnectionAgeMs: 50, connectionAgeJitter: 0 },
      caps: { maxPerOrigin: 1 },
    })
    harness.makeLeased('r1')
    harness.await('r2')
    harness.begin()
    harness.nowMs = 50
    harness.release(1)
    expect(harness.takeLog()).toEqual(['close 1: max_age'])
  })
})

describe('what the look could not tell', () => {
  it('is passed on to the request, idle or handed on, and forgotten by the next look', () => {
    const looks: Look[] = ['unsure', 'unsure', 'alive', 'unsure']
    const harness = new PoolHarness({
      policy,
      caps: { maxPerOrigin: 1 },
      reactions: { peek: () => looks.shift() },
    })
    harness.makeIdle(1)
    harness.lease('r1')
    harness.await('r2')
    harness.await('r3')
    harness.release(1)
    harness.release(1)
    harness.release(1)
    harness.lease('r4')
    expect(harness.takeLog()).toEqual([
      'peek 1',
      'grant 1 to r1 unsure',
      'peek 1',
      'grant 1 to r2 unsure',
      'peek 1',
      'grant 1 to r3',
      'peek 1',
      'grant 1 to r4 unsure',
    ])
  })
})

it.each(['peek', 'fence'] as const)('a stale check of %s looks at every reuse', (staleCheck) => {
  const harness = new PoolHarness({ policy: { staleCheck }, caps: { maxPerOrigin: 1 } })
  harness.makeIdle(1)
  harness.lease('r1')
  harness.await('r2')
  harness.release(1)
  expect(harness.takeLog()).toEqual(['peek 1', 'grant 1 to r1', 'peek 1', 'grant 1 to r2'])
})
