import { describe, expect, it } from 'vitest'
import type { CloseReason } from '../connection/close-reason.ts'
import { type CloseFacts, type CloseMethod, closeMethodFor } from './close-method.ts'

const MODES = ['peer-first', 'fin', 'reset'] as const
const OWN_REASONS: readonly CloseReason[] = [
  'idle_timeout',
  'max_age',
  'max_requests',
  'server_hint',
  'learned_limit',
  'response_close',
  'early_response',
  'response_timeout',
  'aborted',
  'trimmed',
  'evicted',
  'drained',
  'destroyed',
]
const PEERS_REASONS: readonly CloseReason[] = ['peer_fin', 'peer_reset', 'stray_data', 'error']

const idle: CloseFacts = {
  reason: 'idle_timeout',
  isQuiescent: true,
  isServed: false,
  arePortsScarce: false,
}

const methodsFor = (facts: CloseFacts): readonly CloseMethod[] =>
  MODES.map((mode) => closeMethodFor(mode, facts))

describe.each(OWN_REASONS)('a connection that ends by %s', (reason) => {
  it('is closed by FIN, or RST, while it is idle', () => {
    expect(methodsFor({ ...idle, reason })).toEqual(['fin', 'fin', 'reset'])
  })

  it('waits for its peer where both know that it is over', () => {
    expect(methodsFor({ ...idle, reason, isServed: true })).toEqual(['await_peer', 'fin', 'reset'])
  })

  it('is reset where ports are scarce, unless its peer will close first', () => {
    const scarce = { ...idle, reason, arePortsScarce: true }
    expect(methodsFor(scarce)).toEqual(['reset', 'reset', 'reset'])
    expect(methodsFor({ ...scarce, isServed: true })).toEqual(['await_peer', 'reset', 'reset'])
  })

  it.each([true, false])('is never reset with something under way', (arePortsScarce) => {
    const busy = { ...idle, reason, isQuiescent: false, arePortsScarce }
    expect(methodsFor(busy)).toEqual(['fin', 'fin', 'fin'])
    expect(methodsFor({ ...busy, isServed: true })).toEqual(['fin', 'fin', 'fin'])
  })
})

it.each(PEERS_REASONS)('nothing is left to reset, or to wait for, after %s', (reason) => {
  for (const isServed of [true, false]) {
    const facts = { ...idle, reason, isServed, arePortsScarce: true }
    expect(methodsFor(facts)).toEqual(['fin', 'fin', 'fin'])
  }
})
