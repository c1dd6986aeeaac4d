import { describe, expect, it } from 'vitest'
import { PoolHarness, UNWRITTEN, WRITTEN } from '../../test/pool-harness.ts'
import { TestRequest } from '../../test/test-request.ts'

describe('a request', () => {
  it.each([
    ['may be sent again', {}, 'safe', true],
    ['has a body that is not at hand', { isBodyAtHand: false }, 'safe', false],
    ['does harm', { method: 'POST' }, 'idempotent', false],
    ['has a key', { method: 'POST', hasIdempotencyKey: true }, 'safe', true],
    ['may not by the policy', {}, 'never', false],
  ] as const)('that %s knows so from its lease on', (_, facts, replay, isReplayable) => {
    const harness = new PoolHarness({ policy: { replay } })
    expect(harness.lease('r', 'a', facts).isReplayable).toBe(isReplayable)
  })

  it('is not sent again twice, and knows so', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.lease('r')
    harness.send('r')
    harness.lose(1, WRITTEN)
    const resent = { isReplayable: false, isResent: true, isComplete: false, moveCount: 0 }
    expect(harness.request('r')).toMatchObject(resent)
  })

  it('is sent again because of its key, too', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.lease('r', 'a', { method: 'POST', hasIdempotencyKey: true })
    harness.send('r')
    expect(harness.lose(1, WRITTEN)).toBe('resend')
  })

  it('that goes on unsent may still be sent again later', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.lease('r')
    harness.lose(1, UNWRITTEN)
    const moved = { isReplayable: true, isResent: false, moveCount: 1, freshMoveCount: 0 }
    expect(harness.request('r')).toMatchObject(moved)
    harness.open(2)
    harness.lose(2, UNWRITTEN)
    expect(harness.request('r')).toMatchObject({ moveCount: 2, freshMoveCount: 1 })
  })

  it('knows its connection, and whether that had served another one', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r1')
    expect(harness.request('r1')).toMatchObject({ connectionId: 1, isReused: false })
    harness.release(1)
    expect(harness.lease('r2')).toMatchObject({ connectionId: 1, isReused: true })
  })

  it('asks once: asking again is refused, and nothing has changed', () => {
    const harness = new PoolHarness()
    const request = harness.await('r')
    const { stats } = harness
    harness.begin()
    expect(() => harness.pool.lease(request, 1)).toThrow('request is waiting and cannot be asked')
    expect(harness.stats).toEqual(stats)
    harness.open(1)
    expect(harness.takeLog()).toEqual(['grant 1 to r'])
  })

  it('that asks again is left alone where a listener hears of it', () => {
    const told: string[] = []
    const harness = new PoolHarness({ onIllegalMove: ({ message }) => told.push(message) })
    const request = harness.lease('r')
    harness.pool.lease(request, 1)
    expect(told).toEqual(['request is waiting and cannot be asked'])
    expect(harness.stats).toMatchObject({ waiting: 1, dials: 1 })
  })
})

describe('the time of a request', () => {
  it('is counted while it waits, and no more once it has its connection', () => {
    const harness = new PoolHarness()
    harness.nowMs = 100
    const request = harness.lease('r')
    expect(request).toMatchObject({ waitsSinceMs: 100, pastWaitsMs: 0 })
    expect(request.waitedMs(130)).toBe(30)
    harness.nowMs = 150
    harness.open(1)
    const granted = { waitsSinceMs: undefined, pastWaitsMs: 50, dialMs: 50, grantedAtMs: 150 }
    expect(request).toMatchObject(granted)
    expect(request.waitedMs(900)).toBe(50)
  })

  it('adds up over its waits', () => {
    const harness = new PoolHarness()
    const request = harness.lease('r')
    harness.nowMs = 10
    harness.open(1)
    harness.nowMs = 40
    harness.lose(1)
    expect(request.waitedMs(45)).toBe(15)
    harness.nowMs = 60
    harness.open(2)
    expect(request).toMatchObject({ pastWaitsMs: 30, dialMs: 20, grantedAtMs: 60 })
  })

  it('is none where a connection was idle', () => {
    const harness = new PoolHarness()
    harness.makeIdle(1)
    harness.nowMs = 70
    const request = harness.lease('r')
    expect(request).toMatchObject({ pastWaitsMs: 0, dialMs: 0, grantedAtMs: 70 })
    harness.pool.requests.abort(request, 90)
    expect(request.pastWaitsMs).toBe(0)
  })

  it('counts nothing of a dial from before it came, and none of a connection that was used', () => {
    const harness = new PoolHarness({ caps: { maxPerOrigin: 1 } })
    harness.warm(1)
    harness.nowMs = 80
    const first = harness.lease('r1')
    const second = harness.lease('r2')
    harness.nowMs = 100
    harness.open(1)
    expect(first.dialMs).toBe(20)
    harness.release(1)
    expect(second).toMatchObject({ dialMs: 0, pastWaitsMs: 20 })
  })

  it.each<[string, (harness: PoolHarness) => void]>([
    ['cancelled', (harness) => harness.cancel(harness.request('r'))],
    ['rejected', (harness) => harness.fail(1)],
  ])('ends where it is %s', (_, end) => {
    const harness = new PoolHarness()
    const request = harness.lease('r')
    harness.nowMs = 30
    end(harness)
    expect(request).toMatchObject({ waitsSinceMs: undefined, pastWaitsMs: 30 })
  })

  it('of its first byte is kept', () => {
    const harness = new PoolHarness()
    harness.makeLeased('r')
    harness.send('r')
    harness.pool.requests.answer(harness.request('r'), 77)
    expect(harness.request('r').answeredAtMs).toBe(77)
  })
})

it('reports of a request need no pool that knows it', () => {
  const request = new TestRequest('r')
  expect(() => new PoolHarness().pool.requests.pass(request)).toThrow(
    'request is asked and cannot be passed',
  )
})
