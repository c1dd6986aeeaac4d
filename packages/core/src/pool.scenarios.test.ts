import { describe, expect, it } from 'vitest'
import type { Scenario } from '../test/scenario.ts'
import { linesOf, ScenarioPlayer } from '../test/scenario-player.ts'
import { capScenarios } from '../test/scenarios/caps.ts'
import { clockScenarios } from '../test/scenarios/clock.ts'
import { earlyBindingScenarios } from '../test/scenarios/early-binding.ts'
import { endScenarios } from '../test/scenarios/ends.ts'
import { hintScenarios } from '../test/scenarios/hints.ts'
import { lateBindingScenarios } from '../test/scenarios/late-binding.ts'
import { peerScenarios } from '../test/scenarios/peers.ts'
import { queueScenarios } from '../test/scenarios/queue.ts'
import { responseScenarios } from '../test/scenarios/responses.ts'
import { warmthScenarios } from '../test/scenarios/warmth.ts'
import type { OriginStats } from './stats.ts'

const CHAPTERS: Readonly<Record<string, readonly Scenario[]>> = {
  'a peer': peerScenarios,
  'a hint': hintScenarios,
  'a response': responseScenarios,
  'the clock': clockScenarios,
  'early binding': earlyBindingScenarios,
  'late binding': lateBindingScenarios,
  'the queue': queueScenarios,
  'the caps': capScenarios,
  warmth: warmthScenarios,
  'a pool': endScenarios,
}

/** Of the statistics, those that are expected. */
const pick = (stats: OriginStats, expected: Partial<OriginStats>): Partial<OriginStats> =>
  Object.fromEntries(Object.keys(expected).map((name) => [name, stats[name as keyof OriginStats]]))

describe.each(Object.entries(CHAPTERS))('%s', (_, scenarios) => {
  it.each(scenarios)('$name', (scenario) => {
    const player = new ScenarioPlayer(scenario)
    const lines = linesOf(scenario)
    const played = lines.map(({ step }) => ({ step, effects: player.play(step) }))

    expect(played).toEqual(lines)
    expect(player.missed).toEqual([])
    expect(pick(player.harness.stats, scenario.expected ?? {})).toEqual(scenario.expected ?? {})
  })
})

it('no two scenarios go by the same name', () => {
  const names = Object.values(CHAPTERS).flatMap((scenarios) => scenarios.map(({ name }) => name))

  expect(names.length).toBeGreaterThanOrEqual(60)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
