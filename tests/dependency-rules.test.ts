import { beforeAll, expect, it } from 'vitest'
import { lintSources } from './lint/lint-sources.ts'

/** Something the design forbids in a folder, and its nearest neighbour that it allows. */
interface Rule {
  readonly folder: string
  readonly forbidden: string
  readonly allowed: string
  readonly reports: string
}

const CORE = 'packages/core/src'
const AGENT = 'packages/http-agent/src'
const BENCH = 'packages/bench/src'

const NO_DEPENDENCY = 'core has no dependencies'
const NEUTRAL_DRIVER = 'the driver serves both entries and knows neither'
const NO_UNDICI = 'importing the agents never loads undici'
const NO_SIBLING = 'node/ and undici/ share only driver/'
const NO_COMMAND = 'what commands share knows none of them'
const NO_OTHER_COMMAND = 'commands share cli, forms, linux and statistics alone'

const importing = (specifier: string): string =>
  `import { thing } from '${specifier}'\n\nexport const again = thing\n`

const importingType = (specifier: string): string =>
  `import type { Thing } from '${specifier}'\n\nexport type Again = Thing\n`

const importingLater = (specifier: string): string =>
  `export const again = (): unknown => import('${specifier}')\n`

const NEIGHBOUR = 'export const thing = 1\n\nexport type Thing = number\n'
const NEIGHBOURS = [
  CORE,
  ...['driver', 'node', 'undici'].map((folder) => `${AGENT}/${folder}`),
  ...['cli', 'forms', 'bench', 'probe', 'watch', 'plan'].map((folder) => `${BENCH}/${folder}`),
].map((folder) => `${folder}/neighbour.ts`)

/** Folder, what must not be imported, what may be, and what the linter says. */
const IMPORTS = [
  [CORE, 'node:fs', './neighbour.ts', NO_DEPENDENCY],
  [CORE, 'fs', './neighbour.ts', NO_DEPENDENCY],
  [CORE, 'undici', './neighbour.ts', NO_DEPENDENCY],
  [CORE, '@holdfast/http-agent', './neighbour.ts', NO_DEPENDENCY],
  [`${CORE}/policies`, 'undici', '../neighbour.ts', NO_DEPENDENCY],
  [`${AGENT}/driver`, '../node/neighbour.ts', './neighbour.ts', NEUTRAL_DRIVER],
  [`${AGENT}/driver`, '../undici/neighbour.ts', './neighbour.ts', NEUTRAL_DRIVER],
  [`${AGENT}/driver`, '../index.ts', './neighbour.ts', NEUTRAL_DRIVER],
  [`${AGENT}/driver/closing`, '../../index.ts', '../neighbour.ts', NEUTRAL_DRIVER],
  [`${AGENT}/driver/closing`, '../../undici/neighbour.ts', '../neighbour.ts', NEUTRAL_DRIVER],
  [`${AGENT}/driver`, 'undici', 'node:net', NEUTRAL_DRIVER],
  [`${AGENT}/node`, '../undici/neighbour.ts', '../driver/neighbour.ts', NO_UNDICI],
  [`${AGENT}/node`, 'undici', 'node:http', NO_UNDICI],
  [`${AGENT}/undici`, '../node/neighbour.ts', '../driver/neighbour.ts', NO_SIBLING],
  [`${AGENT}/undici`, '../index.ts', '../driver/neighbour.ts', NO_SIBLING],
  [`${AGENT}/undici/request`, '../../node/neighbour.ts', '../neighbour.ts', NO_SIBLING],
  [`${BENCH}/cli`, '../bench/neighbour.ts', '../forms/neighbour.ts', NO_COMMAND],
  [`${BENCH}/forms/html`, '../../plan/neighbour.ts', '../neighbour.ts', NO_COMMAND],
  [`${BENCH}/linux`, '../watch/neighbour.ts', '../cli/neighbour.ts', NO_COMMAND],
  [`${BENCH}/statistics`, '../probe/neighbour.ts', '../cli/neighbour.ts', NO_COMMAND],
  [`${BENCH}/probe`, '../bench/neighbour.ts', './neighbour.ts', NO_OTHER_COMMAND],
  [`${BENCH}/watch`, '../plan/neighbour.ts', '../forms/neighbour.ts', NO_OTHER_COMMAND],
  [`${BENCH}/plan/simulation`, '../../bench/neighbour.ts', '../neighbour.ts', NO_OTHER_COMMAND],
  [AGENT, 'lodash', './driver/neighbour.ts', "Dependency lodash isn't specified"],
] as const

const RULES: readonly Rule[] = IMPORTS.flatMap(([folder, forbidden, allowed, reports]) =>
  [importing, importingType, importingLater].map((write) => ({
    folder,
    forbidden: write(forbidden),
    // Core may not even import its own files later: the purity rules say so.
    allowed: folder.startsWith(CORE) ? importing(allowed) : write(allowed),
    reports,
  })),
)

let reported: ReadonlyMap<string, readonly string[]>

const CASES = RULES.map((rule, index) => ({
  ...rule,
  line: rule.forbidden.split('\n', 1)[0],
  forbiddenPath: `${rule.folder}/forbidden-${index}.ts`,
  allowedPath: `${rule.folder}/allowed-${index}.ts`,
}))

beforeAll(async () => {
  reported = await lintSources({
    ...Object.fromEntries(NEIGHBOURS.map((path) => [path, NEIGHBOUR])),
    [`${AGENT}/index.ts`]: importing('./node/neighbour.ts'),
    ...Object.fromEntries(CASES.map((rule) => [rule.forbiddenPath, rule.forbidden])),
    ...Object.fromEntries(CASES.map((rule) => [rule.allowedPath, rule.allowed])),
  })
})

it.for(CASES)('$folder: no $line', ({ forbiddenPath, allowedPath, reports }) => {
  expect(reported.get(forbiddenPath)).toContainEqual(expect.stringContaining(reports))
  expect(reported.get(allowedPath)).toEqual([])
})

it('the entry of the agents does not lead to undici', async () => {
  const entry = `${AGENT}/index.ts`
  const found = await lintSources({
    [`${AGENT}/undici/neighbour.ts`]: NEIGHBOUR,
    [entry]: importing('./undici/neighbour.ts'),
  })

  expect(found.get(entry)).toEqual([expect.stringContaining(NO_UNDICI)])
  expect(reported.get(entry)).toEqual([])
})

it('core reports a Node module by the rule for Node modules, too', async () => {
  const path = `${CORE}/reads-files.ts`
  const found = await lintSources({ [path]: importing('node:fs') })

  expect(found.get(path)).toContainEqual(
    expect.stringContaining('lint/correctness/noNodejsModules'),
  )
})
