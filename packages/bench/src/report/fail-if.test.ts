import { describe, expect, it } from 'vitest'
import { sampleResult, shortAgainstLong } from '../../test/sample-record.ts'
import type { Run } from '../bench/bench-result.ts'
import { failureOf, parseThreshold } from './fail-if.ts'

const PARTICIPANTS = ['node', 'node-again', 'short']
const [RUN] = sampleResult(shortAgainstLong()).runs as [Run]

const failureAt = (text: string): string | undefined =>
  failureOf(RUN, parseThreshold(text, PARTICIPANTS))

describe('a threshold', () => {
  it.each([
    ['short.cpuPerRequest > 2.4', '50 connections: short.cpuPerRequest > 2.4: it is 2.498'],
    [' short.throughput<0.5 ', '50 connections: short.throughput<0.5: it is 0.4'],
    ['short.connections >= 8000', '50 connections: short.connections >= 8000: it is 8000'],
    ['node.clientTimeWaits <= 0', '50 connections: node.clientTimeWaits <= 0: it is 0'],
  ])('%s is met', (text, message) => {
    expect(failureAt(text)).toBe(message)
  })

  it.each([
    'short.cpuPerRequest > 2.6',
    'short.connections > 8000',
    'short.connections < 8000',
    'node.failed > 0',
  ])('%s is not met', (text) => {
    expect(failureAt(text)).toBeUndefined()
  })

  it('fails where the figure is not known', () => {
    const expected = '50 connections: node.bytesPerConnection > 9: it is not known'
    expect(failureAt('node.bytesPerConnection > 9')).toBe(expected)
    // The baseline has no ratio against itself.
    expect(failureAt('node.cpuPerRequest > 9')).toContain('it is not known')
  })

  it.each([
    ['', "--fail-if expects 'VARIANT.FIGURE > NUMBER', got ''"],
    ['short.failed', "--fail-if expects 'VARIANT.FIGURE > NUMBER', got 'short.failed'"],
    ['short.failed == 0', "--fail-if expects 'VARIANT.FIGURE > NUMBER'"],
    ['short.failed > some', "--fail-if expects 'VARIANT.FIGURE > NUMBER'"],
    ['long.failed > 0', 'nobody is called long; there are node, node-again, short'],
    ['short.speed > 0', '--fail-if: unknown figure speed; known: cpuPerRequest,'],
    ['short.toString > 0', '--fail-if: unknown figure toString'],
  ])('is refused: %j', (text, message) => {
    expect(() => parseThreshold(text, PARTICIPANTS)).toThrow(message)
  })

  it('takes a variant whose name has options, with dots in them', () => {
    const name = 'holdfast:connectionAgeJitter=0.5'
    expect(parseThreshold(`${name}.p99 > 1.5`, [name])).toMatchObject({
      participant: name,
      figure: 'p99',
      limit: 1.5,
    })
  })
})
