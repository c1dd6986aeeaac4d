import assert from 'node:assert/strict'
import process from 'node:process'
import { it } from 'node:test'
import { inspect } from 'node:util'
import { DECIDED_DIFFERENCES, type OrderDifference } from './decided-differences.ts'
import { differingPart } from './differing-part.ts'
import { namesEntries } from './names-entries.ts'
import { playScenario, type Scenario, type Transport } from './scenario.ts'

const LINE = Number.parseInt(process.versions.node, 10)
const TRANSPORTS: readonly Transport[] = ['TCP', 'TLS']

const DIFFERENCES = DECIDED_DIFFERENCES.flatMap(({ differences }) => differences)

/** The names of scenarios over each transport, as the table of differences knows them. */
export const titlesOf = (scenarios: readonly Scenario[]): string[] =>
  TRANSPORTS.flatMap((transport) => scenarios.map(({ name }) => `${transport}: ${name}`))

const NO_DIFFERENCE = { node: [], ours: [] } as const

const differencesOf = (title: string): OrderDifference[] =>
  DIFFERENCES.filter(
    ({ scenarios, lines }) =>
      scenarios.test(title) && (lines === undefined || lines.includes(LINE)),
  )

const check = (title: string, node: readonly string[], ours: readonly string[]): void => {
  const [decided = NO_DIFFERENCE, ...others] = differencesOf(title)
  const found = differingPart(node, ours)
  const isDecided = namesEntries(decided.node, found.node) && namesEntries(decided.ours, found.ours)
  assert.ok(isDecided, `${inspect({ found, decided })} in ${node.join(', ')}`)
  assert.deepEqual(others, [], 'one difference has one entry')
}

/** Holds our agents against Node's: what a client sees comes in the same order, or the table says so. */
export const checkOrders = (
  scenarios: readonly Scenario[],
  transports: readonly Transport[] = TRANSPORTS,
): void => {
  for (const transport of transports) {
    for (const scenario of scenarios) {
      const title = `${transport}: ${scenario.name}`
      it(title, async (context) => {
        const node = await playScenario(context, scenario, 'Node', transport)
        const ours = await playScenario(context, scenario, 'Holdfast', transport)
        check(title, node, ours)
      })
    }
  }
}
