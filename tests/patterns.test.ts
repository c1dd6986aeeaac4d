import { describe, expect, it } from 'vitest'
import { patternsIn, patternsMadeIn } from './structure/patterns.ts'
import { readSources } from './structure/read-sources.ts'
import { slowPatterns } from './structure/slow-patterns.ts'

const SHIPPED = /^packages\/[^/]+\/src\//u
const TEST = /\.test\.ts$/u
const path = 'packages/core/src/sample.ts'

const sources = await readSources()
const shipped = sources.filter((source) => SHIPPED.test(source.path) && !TEST.test(source.path))

describe('a pattern of what users run', () => {
  it('is seen', () => {
    expect(shipped.flatMap(patternsIn).map((pattern) => pattern.path)).toEqual(
      expect.arrayContaining([
        'packages/core/src/policies/keep-alive-header.ts',
        'packages/http-agent/src/undici/connection/connection-headers.ts',
        'packages/bench/src/probe/target.ts',
      ]),
    )
  })

  it('takes linear time, whatever it is given', () => {
    expect(slowPatterns(shipped)).toEqual([])
  })

  it('stands in the source as it is', () => {
    expect(shipped.flatMap(patternsMadeIn)).toEqual([])
  })
})

describe('a pattern', () => {
  it.for([
    ['nested quantifiers', '^(?:a+)+$', 'exponential'],
    ['nested alternatives', '^(?:a|a)*$', 'exponential'],
    ['nested quantifiers around what may be missing', '^(?:a*b?)*$', 'exponential'],
    ['adjacent quantifiers of the same characters', String.raw`\s*,\s*`, 'polynomial'],
    ['adjacent quantifiers of which one includes the other', String.raw`^\w*\d*$`, 'polynomial'],
    ['adjacent quantifiers around what may be missing', '^ *x? *$', 'polynomial'],
    ['a quantifier that begins anywhere', String.raw`\s+$`, 'polynomial'],
    ['a reference back', String.raw`^\s*(?<quote>"?)\s*\d+\s*\k<quote>\s*$`, 'polynomial'],
  ] as const)('is reported: %s', ([, pattern, type]) => {
    const text = `export const PATTERN: RegExp = /${pattern}/u\n`

    expect(slowPatterns([{ path, text }])).toEqual([`${path}: /${pattern}/u (${type})`])
  })

  it.for([
    String.raw`^(?<digits>\d+)(?:\.\d+)?s?$`,
    String.raw`(?:^|,)[ \t]*close[ \t]*(?:,|$)`,
    String.raw`\B(?=(?:\d{3}){1,7}$)`,
    '^HTTP',
  ])('is left alone: %s', (pattern) => {
    const text = `export const isOf = (text: string): boolean => /${pattern}/iu.test(text)\n`

    expect(patternsIn({ path, text })).toEqual([{ path, source: pattern, flags: 'iu' }])
    expect(slowPatterns([{ path, text }])).toEqual([])
  })

  it.for(["new RegExp(name, 'u')", "RegExp('a+')"])(
    'that is made as the program runs is reported: %s',
    (made) => {
      const text = `const patterns: RegExp[] = [/a/u, ${made}]\n`

      expect(patternsMadeIn({ path, text })).toEqual([`${path}: ${made}`])
    },
  )
})
