import { beforeAll, describe, expect, it } from 'vitest'
import { lintSources } from './lint/lint-sources.ts'

const GLOBAL = 'lint/style/noRestrictedGlobals'
const PLUGIN = 'plugin: tests replace and freeze'

/** What the agents may not take at the time of a call, and the rule that reports it. */
const TAKEN_LATE = [
  ['setTimeout(run, 1)', GLOBAL],
  ['clearTimeout(1)', GLOBAL],
  ['setInterval(run, 1)', GLOBAL],
  ['setImmediate(run)', GLOBAL],
  ['queueMicrotask(run)', GLOBAL],
  ['Date.now()', GLOBAL],
  ['performance.now()', GLOBAL],
  ['process.nextTick(run)', PLUGIN],
  ['Math.random()', PLUGIN],
  ['(Error.stackTraceLimit = 0)', PLUGIN],
] as const

const IMPORTS = ['node:timers', 'node:perf_hooks', 'timers', 'node:timers/promises'] as const

const calling = (call: string): string =>
  `export const sample = (run: () => void): unknown => [run, ${call}]\n`

const importing = (module: string): string =>
  `import * as taken from '${module}'\n\nexport { taken }\n`

const pathOf = (index: number): string => `packages/http-agent/src/driver/sample-${index}.ts`
const importPathOf = (index: number): string => `packages/http-agent/src/node/sample-${index}.ts`

describe('the linter', () => {
  let reported: ReadonlyMap<string, readonly string[]>

  beforeAll(async () => {
    reported = await lintSources(
      Object.fromEntries([
        ...TAKEN_LATE.map(([call], index) => [pathOf(index), calling(call)]),
        ...IMPORTS.map((module, index) => [importPathOf(index), importing(module)]),
        ['packages/http-agent/src/driver/real-time.ts', calling('Math.random()')],
        ['packages/http-agent/src/driver/own.ts', calling('Math.floor(1)')],
      ]),
    )
  })

  it.for(TAKEN_LATE.map(([call, rule], index) => ({ call, rule, index })))(
    'refuses $call in the agents',
    ({ rule, index }) => {
      expect(reported.get(pathOf(index))).toContainEqual(expect.stringContaining(rule))
    },
  )

  it.for(IMPORTS.map((module, index) => ({ module, index })))(
    'refuses an import of $module in the agents',
    ({ index }) => {
      expect(reported.get(importPathOf(index))).toContainEqual(expect.stringContaining(PLUGIN))
    },
  )

  it('has one file take them', () => {
    for (const path of ['real-time', 'own']) {
      const complaints = reported.get(`packages/http-agent/src/driver/${path}.ts`) ?? []
      expect(
        complaints.filter((each) => each.startsWith('plugin') || each.startsWith(GLOBAL)),
      ).toEqual([])
    }
  })
})
