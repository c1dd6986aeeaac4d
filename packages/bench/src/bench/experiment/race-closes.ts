import type { CloseRace } from '../bench-result.ts'
import { againOf } from '../method/participants.ts'
import { parseUpstream } from '../upstreams/upstream.ts'
import type { Stage } from './stage.ts'

/** Short enough for several rounds, and many times what a busy machine is late by. */
const IDLE_MS = 500

/** The share by which a pause may be shorter or longer, so that requests come on either side. */
const SPREAD = 0.02

/** Connections of each variant: each is one chance to lose a request in each round. */
const CONNECTIONS = 50

/**
 * Uses connections just as their upstream closes them, since they have been idle for as long as it
 * allows. All variants do so at once, because nothing is timed. Null where the run is about closing
 * connections itself, or is not to have a race.
 */
export async function raceCloses(stage: Stage): Promise<CloseRace | null> {
  const { crew, scenario, contestants, observer } = stage
  const { raceMs, mayFail, upstream, baseline, workload } = scenario
  if (raceMs === 0 || mayFail || upstream.kind === 'url' || workload.kind === 'idle') return null
  observer.raceStarts()
  const racing = contestants.filter(({ participant }) => participant.id !== againOf(baseline))
  const closing = parseUpstream(`node:keepAliveTimeoutMs=${IDLE_MS},hint=false`)
  if (closing.kind === 'url') return null
  const rounds = Math.max(1, Math.round(raceMs / IDLE_MS))
  const replies = await crew.race(racing, closing, {
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
