import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseKeepAliveHeader } from './keep-alive-header.ts'

describe('parseKeepAliveHeader', () => {
  it.each([
    ['timeout=5', 5000, undefined],
    ['timeout=5, max=100', 5000, 100],
    ['max=100, timeout=5', 5000, 100],
    ['max=100;timeout=5', 5000, 100],
    ['Timeout=5,MAX=7', 5000, 7],
    ['timeout="5", max="7"', 5000, 7],
    [' timeout = 5 , max = 7 ', 5000, 7],
    ['timeout=0', 0, undefined],
    ['max=0', undefined, 0],
    ['timeout=5, timeout=3', 3000, undefined],
    ['max=2, max=9', undefined, 2],
    ['foo=1, timeout=5, bar', 5000, undefined],
    ['foo="bar, timeout=1", timeout=5', 5000, undefined],
    ['foo="", timeout=5;max="7";foo="\\\\"', 5000, 7],
    ['timeout=5s, max=7', 5000, 7],
    ['timeout="5S"', 5000, undefined],
    ['timeout=5.9', 5000, undefined],
    ['timeout=99999999999999999999', 1e23, undefined],
    [`max=${'9'.repeat(400)}`, undefined, Number.POSITIVE_INFINITY],
  ] as const)('reads %j', (header, timeoutMs, maxRequests) => {
    expect(parseKeepAliveHeader(header)).toEqual({ timeoutMs, maxRequests })
  })

  it.each([
    '',
    'timeout',
    'timeout=',
    'timeout=abc',
    'timeout=-5',
    'timeout=5.',
    'timeout=5ms',
    'timeout=.5',
    'timeout="5',
    'timeout=5"',
    'xtimeout=5',
    'timeout=5 6',
    'timeout=0x10',
    'timeout=1e3',
    'max=ten',
    'foo="bar, timeout=5"',
    'foo="bar; max=5, timeout=5", baz',
    'foo="a\\", timeout=5"',
    'foo="never closed, timeout=5',
  ])('passes over %j', (header) => {
    expect(parseKeepAliveHeader(header)).toEqual({ timeoutMs: undefined, maxRequests: undefined })
  })

  it('reads several header lines as one', () => {
    expect(parseKeepAliveHeader(['timeout=5', 'max=3'])).toEqual({
      timeoutMs: 5000,
      maxRequests: 3,
    })
  })
})

describe('parseKeepAliveHeader, of any header', () => {
  it('reads what it was given, whatever stands around it', () => {
    const parameter = fc.record({
      name: fc.constantFrom('timeout', 'Timeout', 'TIMEOUT'),
      seconds: fc.nat(),
      isQuoted: fc.boolean(),
    })
    const text = fc
      .string()
      .map((value) => `foo="${value.replaceAll(/["\\]/gu, '\\$&')}, timeout=0; max=0"`)
    const noise = fc.oneof(fc.constantFrom('', 'max=', 'foo=1', 'bar'), text)
    fc.assert(
      fc.property(parameter, noise, noise, ({ name, seconds, isQuoted }, before, after) => {
        const value = isQuoted ? `"${seconds}"` : String(seconds)
        const hint = parseKeepAliveHeader(`${before}, ${name}=${value}; ${after}`)
        expect(hint).toEqual({ timeoutMs: seconds * 1000, maxRequests: undefined })
      }),
    )
  })

  // So long that a reader whose steps grow with the square of the length would not come to an end.
  const LENGTH = 4_000_000

  it.each([
    ['spaces', `timeout=${' '.repeat(LENGTH)}x`],
    ['spaces around a number', `timeout=${' '.repeat(LENGTH)}1${' '.repeat(LENGTH)}x`],
    ['spaces before the equals sign', `timeout${' '.repeat(LENGTH)}x`],
    ['quotes', `${'"'.repeat(LENGTH)}timeout=`],
    ['quotes within numbers', 'timeout = "'.repeat(LENGTH)],
    ['escapes', '"\\'.repeat(LENGTH)],
    ['digits', `timeout=${'9'.repeat(LENGTH)}x`],
    ['separators', ','.repeat(LENGTH)],
    ['empty parameters', 'timeout=,'.repeat(LENGTH)],
  ])('comes to an end, whatever there is without end: %s', (_what, header) => {
    expect(parseKeepAliveHeader(header)).toEqual({ timeoutMs: undefined, maxRequests: undefined })
  })

  it('takes no more time where several lines have no end', () => {
    const lines = Array.from({ length: 1000 }, () => `timeout=${' '.repeat(10_000)}x`)
    expect(parseKeepAliveHeader([...lines, 'max=5'])).toEqual({
      timeoutMs: undefined,
      maxRequests: 5,
    })
  })

  it('reads 1,024 characters of a line, and of these what is complete', () => {
    const filler = (length: number): string => 'x'.repeat(length)
    expect(parseKeepAliveHeader(`${filler(1014)},timeout=5`).timeoutMs).toBe(5000)
    expect(parseKeepAliveHeader(`${filler(1014)},timeout=5,`).timeoutMs).toBeUndefined()
    expect(parseKeepAliveHeader(`${filler(1014)},timeout=50`).timeoutMs).toBeUndefined()
    expect(parseKeepAliveHeader(`max=3,${filler(2000)},timeout=5`)).toEqual({
      timeoutMs: undefined,
      maxRequests: 3,
    })
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const { timeoutMs, maxRequests } = parseKeepAliveHeader(header)
        for (const value of [timeoutMs, maxRequests]) {
          expect(value === undefined || value >= 0).toBe(true)
        }
      }),
    )
  })
})
