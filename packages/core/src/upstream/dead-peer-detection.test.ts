// biome-ignore-all lint/style/useNamingConvention: the names are those of the sysctls.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_TCP_KEEP_ALIVE, type TcpKeepAlive } from '../tcp/tcp-keep-alive.ts'
import { deadPeerDetectionMs, type TcpKeepAliveSysctls } from './dead-peer-detection.ts'
import { PROFILES } from './profiles.ts'

const LINUX: TcpKeepAliveSysctls = {
  tcp_keepalive_time: 7200,
  tcp_keepalive_intvl: 75,
  tcp_keepalive_probes: 9,
}

const detectUnchecked = (input: unknown): number => deadPeerDetectionMs(input as TcpKeepAlive)

describe('a dead peer goes unseen for', () => {
  it("7875 s with Linux' defaults, given or not", () => {
    expect(deadPeerDetectionMs()).toBe(7_875_000)
    expect(deadPeerDetectionMs(LINUX)).toBe(7_875_000)
  })

  it('45 s with the default of the pool', () => {
    expect(deadPeerDetectionMs(DEFAULT_TCP_KEEP_ALIVE)).toBe(45_000)
  })

  it('as long in seconds as in milliseconds', () => {
    const seconds = fc.integer({ min: 1, max: 32_767 })
    fc.assert(
      fc.property(seconds, seconds, fc.integer({ min: 1, max: 127 }), (time, intvl, probes) => {
        const sysctls = {
          tcp_keepalive_time: time,
          tcp_keepalive_intvl: intvl,
          tcp_keepalive_probes: probes,
        }
        const socket = { delayMs: time * 1000, intervalMs: intvl * 1000, probes }
        const expectedMs = (time + probes * intvl) * 1000
        expect(deadPeerDetectionMs(sysctls)).toBe(expectedMs)
        expect(deadPeerDetectionMs(socket)).toBe(expectedMs)
      }),
    )
  })

  it("as long as Linux' profile says", () => {
    const { tcpKeepAliveDelayMs, tcpKeepAliveIntervalMs, tcpKeepAliveProbes } = PROFILES.linux
    expect(
      detectUnchecked({
        delayMs: tcpKeepAliveDelayMs?.value,
        intervalMs: tcpKeepAliveIntervalMs?.value,
        probes: tcpKeepAliveProbes?.value,
      }),
    ).toBe(deadPeerDetectionMs())
  })
})

describe('the time to see a dead peer is refused for', () => {
  it.each([
    ['tcp_keepalive_time', 1, 2_147_483],
    ['tcp_keepalive_intvl', 1, 2_147_483],
    ['tcp_keepalive_probes', 1, 255],
  ])('a sysctl %s outside %i to %i', (key, min, max) => {
    for (const value of [min, max]) {
      expect(detectUnchecked({ ...LINUX, [key]: value })).toBeGreaterThan(0)
    }
    for (const value of [min - 1, max + 1, 1.5, Number.NaN, '75', undefined]) {
      expect(() => detectUnchecked({ ...LINUX, [key]: value })).toThrow(
        expect.objectContaining({
          code: 'ERR_HOLDFAST_INVALID_OPTION',
          key: `keepAlive.${key}`,
          value,
          allowed: `a whole number from ${min} to ${max}`,
        }),
      )
    }
  })

  it.each([
    ['delayMs', 1000, 32_767_000],
    ['intervalMs', 1000, 32_767_000],
    ['probes', 1, 127],
  ])('a setting %s outside %i to %i', (key, min, max) => {
    const socket = { delayMs: 30_000, intervalMs: 5000, probes: 3 }
    for (const value of [min, max]) {
      expect(detectUnchecked({ ...socket, [key]: value })).toBeGreaterThan(0)
    }
    for (const value of [min - 1, max + 1, Number.NaN, '75', undefined]) {
      expect(() => detectUnchecked({ ...socket, [key]: value })).toThrow(
        expect.objectContaining({ key: `keepAlive.${key}`, value }),
      )
    }
  })

  it.each([null, 7200, 'linux', {}])('%s', (input) => {
    expect(() => detectUnchecked(input)).toThrow(
      expect.objectContaining({ code: 'ERR_HOLDFAST_INVALID_OPTION' }),
    )
  })
})
