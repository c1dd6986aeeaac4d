import type { Run, Scenario } from '../src/bench/bench-result.ts'
import { runScenario, type Surroundings } from '../src/bench/experiment/run-scenario.ts'
import { participantsOf } from '../src/bench/method/participants.ts'
import { summarize } from '../src/bench/method/summarize.ts'
import { parseUpstream } from '../src/bench/upstreams/upstream.ts'
import { parseVariant } from '../src/bench/variants/parse-variant.ts'

const SILENT = {
  sliceStarts: (): void => undefined,
  blockEnds: (): void => undefined,
  timelineStarts: (): void => undefined,
  raceStarts: (): void => undefined,
  says: (): void => undefined,
}

/** A scenario that takes no longer than it must. */
export function smallScenario(
  variants: readonly string[],
  changes: Partial<Scenario> = {},
): Scenario {
  return {
    baseline: 'node',
    participants: participantsOf(parseVariant('node'), variants.map(parseVariant)),
    path: 'direct',
    upstream: parseUpstream('node'),
    workload: { kind: 'closed' },
    method: 'GET',
    bodyBytes: 0,
    tls: false,
    origins: 1,
    connections: 3,
    requestTimeoutMs: 600_000,
    middleboxIdleSeconds: null,
    mayFail: false,
    blocks: 1,
    forks: 1,
    sliceMs: 20,
    warmUpMs: 20,
    timelineMs: 0,
    raceMs: 0,
    seed: 7,
    ...changes,
  }
}

/** Runs it from the sources, here and not in namespaces. */
export async function runSmall(
  scenario: Scenario,
  programs?: Surroundings['programs'],
): Promise<Run> {
  const surroundings: Surroundings = {
    pinning: { pinned: false, reason: 'a test' },
    isolation: { isolated: false, reason: 'a test' },
    ...(programs === undefined ? {} : { programs }),
  }
  const record = await runScenario(scenario, surroundings, SILENT, new AbortController().signal)
  return { ...record, summary: summarize(record) }
}
