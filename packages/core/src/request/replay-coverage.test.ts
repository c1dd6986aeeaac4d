import { describe, expect, it } from 'vitest'
import { isCovered, isIdempotent } from './replay-coverage.ts'

const SAFE = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'] as const
const IDEMPOTENT = ['PUT', 'DELETE'] as const
const NEITHER = ['POST', 'PATCH', 'CONNECT', 'LINK', 'get', ''] as const

const by = (method: string, hasIdempotencyKey = false) => ({ method, hasIdempotencyKey })

describe('what a policy covers', () => {
  it.each([
    ['safe', SAFE, [...IDEMPOTENT, ...NEITHER]],
    ['idempotent', [...SAFE, ...IDEMPOTENT], NEITHER],
    ['never', [], [...SAFE, ...IDEMPOTENT, ...NEITHER]],
  ] as const)('with replay %s', (replay, covered, uncovered) => {
    for (const method of covered) expect(isCovered(by(method), replay), method).toBe(true)
    for (const method of uncovered) {
      expect(isCovered(by(method), replay), method).toBe(false)
      expect(isCovered(by(method, true), replay), `${method}, key`).toBe(replay !== 'never')
    }
  })
})

it('a request does no harm twice by its method, or by its key', () => {
  for (const method of [...SAFE, ...IDEMPOTENT]) expect(isIdempotent(by(method))).toBe(true)
  for (const method of NEITHER) {
    expect(isIdempotent(by(method))).toBe(false)
    expect(isIdempotent(by(method, true))).toBe(true)
  }
})
