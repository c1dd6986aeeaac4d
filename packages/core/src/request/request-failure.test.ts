import { describe, expect, it } from 'vitest'
import { failureOf, unsentFailure } from './request-failure.ts'

const SEEN = { reusedSocket: true, bytesWritten: 0, responseStarted: false, replayed: false }
const POST = { method: 'POST', hasIdempotencyKey: false }

describe('the failure of a request that had a connection', () => {
  it('tells what was seen', () => {
    const seen = { reusedSocket: true, bytesWritten: 120, responseStarted: true, replayed: true }
    expect(failureOf({ request: POST, ...seen })).toEqual({ ...seen, safeToRetry: false })
  })

  it.each([
    ['that was never written', POST, {}, true],
    ['of which a byte was written', POST, { bytesWritten: 1 }, false],
    ['that was sent before, and not written again', POST, { replayed: true }, false],
    ['of which a byte was written, by PUT', { ...POST, method: 'PUT' }, { bytesWritten: 1 }, true],
    [
      'by GET whose response had begun',
      { ...POST, method: 'GET' },
      { bytesWritten: 1, responseStarted: true },
      true,
    ],
    [
      'with a key that was sent twice',
      { ...POST, hasIdempotencyKey: true },
      { bytesWritten: 9, replayed: true },
      true,
    ],
  ])('says of a request %s whether it may be made again', (_, request, seen, safeToRetry) => {
    expect(failureOf({ request, ...SEEN, ...seen }).safeToRetry).toBe(safeToRetry)
  })
})

it.each([false, true])(
  'a request that never got a connection was not written (replayed: %s)',
  (replayed) => {
    expect(unsentFailure(replayed)).toEqual({
      reusedSocket: false,
      bytesWritten: 0,
      responseStarted: false,
      replayed,
      safeToRetry: true,
    })
  },
)
