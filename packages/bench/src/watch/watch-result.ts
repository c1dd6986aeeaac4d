import type { TcpState } from '@holdfast/core/tcp'
import type { JoinedPools } from './join-pools.ts'
import type { PortUse } from './port-use.ts'
import type { Scope } from './snapshot.ts'
import type { WatchFrame } from './watch-frame.ts'

/** Name of the result's schema; it changes unless a change only adds. */
export const WATCH_SCHEMA = 'holdfast.watch/1'

/** Result that `holdfast watch --json` prints, once for each look. */
export interface WatchResult {
  readonly schema: typeof WATCH_SCHEMA
  /** Instant of the look, ISO 8601. */
  readonly at: string
  readonly scope: Scope
  readonly states: Readonly<Record<TcpState, number>>
  /** Differences to the look before; null in the first. */
  readonly deltas: Readonly<Record<TcpState, number>> | null
  readonly total: number
  /** Connections without an owner in the kernel, attributed to the process by their ports. */
  readonly attributed: number
  readonly destinations: readonly PortUse[] | null
  /** Pools that the process publishes, beside the kernel's view; null without any. */
  readonly joined: JoinedPools | null
  readonly warnings: readonly string[]
}

export function watchResult(frame: WatchFrame, scope: Scope, at: string): WatchResult {
  const { states, total, attributed, destinations, joined, warnings } = frame
  const byState = (of: (line: (typeof states)[number]) => number): Record<TcpState, number> =>
    Object.fromEntries(states.map((line) => [line.state, of(line)])) as Record<TcpState, number>
  const isFirst = states.every(({ delta }) => delta === null)
  return {
    schema: WATCH_SCHEMA,
    at,
    scope,
    states: byState(({ count }) => count),
    deltas: isFirst ? null : byState(({ delta }) => delta ?? 0),
    total,
    attributed,
    destinations,
    joined,
    warnings,
  }
}
