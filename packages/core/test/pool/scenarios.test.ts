import { describe, expect, it } from 'vitest'
import type { OriginStats } from '../../src/connection/stats.ts'
import type { Scenario } from '../scenario.ts'
import { linesOf, ScenarioPlayer } from '../scenario-player.ts'
import { capScenarios } from '../scenarios/caps.ts'
import { clockScenarios } from '../scenarios/clock.ts'
import { earlyBindingScenarios } from '../scenarios/early-binding.ts'
import { endScenarios } from '../scenarios/ends.ts'
import { hintScenarios } from '../scenarios/hints.ts'
import { lateBindingScenarios } from '../scenarios/late-binding.ts'
import { lingeringScenarios } from '../scenarios/lingering.ts'
import { lossScenarios } from '../scenarios/losses.ts'
import { peerScenarios } from '../scenarios/peers.ts'
import { queueScenarios } from '../scenarios/queue.ts'
import { responseScenarios } from '../scenarios/responses.ts'
import { warmthScenarios } from '../scenarios/warmth.ts'

const CHAPTERS: Readonly<Record<string, readonly Scenario[]>> = {
  'a peer': peerScenarios,
  'a hint': hintScenarios,
  'a response': responseScenarios,
  'a connection': lingeringScenarios,
  'a request that loses its connection': lossScenarios,
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
