import type { CloseRace } from '../bench-result.ts'
import { againOf } from '../method/participants.ts'
import { parseUpstream } from '../upstreams/upstream.ts'
import type { RunContext } from './run-context.ts'

/**
 * Idle limit of the racing upstream: short enough for several rounds, and far above the lateness of
 * a busy machine.
 */
const IDLE_MS = 500

/**
 * Share by which a pause may be shorter or longer, so that requests come before and after the
 * close.
 */
const SPREAD = 0.02

/** Connections of each variant; each may lose one request a round. */
const CONNECTIONS = 50

/**
 * Uses connections just as their upstream closes them for idleness. All variants run at once,
 * because nothing is timed. Null where the run itself is about closing connections, or wants no
 * race.
 */
export async function raceCloses(context: RunContext): Promise<CloseRace | null> {
  const { workers, scenario, candidates, observer } = context
  const { raceMs, mayFail, upstream, baseline, workload } = scenario
  if (raceMs === 0 || mayFail || upstream.kind === 'url' || workload.kind === 'idle') return null
  observer.raceStarts()
  const racing = candidates.filter(({ participant }) => participant.id !== againOf(baseline))
  const closing = parseUpstream(`node:keepAliveTimeoutMs=${IDLE_MS},hint=false`)
  if (closing.kind === 'url') return null
  const rounds = Math.max(1, Math.round(raceMs / IDLE_MS))
  const replies = await workers.race(racing, closing, {
    workload: { kind: 'gap', gapMs: IDLE_MS, spread: SPREAD },
    concurrency: CONNECTIONS,
    amount: CONNECTIONS * (rounds + 1),
  })
  const outcomes = replies.map(({ completed, failed, errors }, index) => ({
    participant: racing[index]?.participant.id ?? '',
    requests: completed + failed,
    lost: failed,
    errors,
  }))
  return { idleMs: IDLE_MS, connections: CONNECTIONS, outcomes }
}
