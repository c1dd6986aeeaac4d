import type { TcpState } from '@holdfast/core/tcp'
import type { TcpRow } from './tcp-table.ts'

/** Number of connections by state; states without any are left out. */
export type StateCounts = Readonly<Partial<Record<TcpState, number>>>

/** Connections seen from both ends. */
export interface StatesBySide {
  readonly client: StateCounts
  readonly upstream: StateCounts
}

/**
 * Counts the connections between an upstream's ports and its clients. Each counts once: while
 * sockets come and go, the kernel may print one twice.
 */
export function statesBySide(rows: readonly TcpRow[], ports: ReadonlySet<number>): StatesBySide {
  const client: Partial<Record<TcpState, number>> = {}
  const upstream: Partial<Record<TcpState, number>> = {}
  const seen = new Set<string>()
  for (const row of rows) {
    const { localPort, remotePort, state } = row
    if (!(ports.has(localPort) || ports.has(remotePort)) || isRepeated(row, seen)) continue
    if (ports.has(localPort)) upstream[state] = (upstream[state] ?? 0) + 1
    else if (ports.has(remotePort)) client[state] = (client[state] ?? 0) + 1
  }
  return { client, upstream }
}

function isRepeated(row: TcpRow, seen: Set<string>): boolean {
  const { localAddress, localPort, remoteAddress, remotePort, state } = row
  const key = `${localAddress}:${localPort} ${remoteAddress}:${remotePort} ${state}`
  const wasSeen = seen.has(key)
  seen.add(key)
  return wasSeen
}

/** Time in TIME_WAIT, fixed in Linux whatever the sysctls say. */
const TIME_WAIT_MS = 60_000

/** Connections in TIME_WAIT, by the side that closed first and so holds them. */
export interface TimeWaits {
  readonly client: number
  readonly upstream: number
}

/**
 * Connections that entered TIME_WAIT at most `ageMs` ago. Their age is the time that the timer has
 * used up, so no look at the table before the slice is needed. A port that is dialled again while
 * in TIME_WAIT counts once.
 */
export function youngTimeWaits(
  rows: readonly TcpRow[],
  ports: ReadonlySet<number>,
  ageMs: number,
): TimeWaits {
  const young = rows.filter(
    ({ state, timerMs }) => state === 'TIME_WAIT' && TIME_WAIT_MS - timerMs <= ageMs,
  )
  const { client, upstream } = statesBySide(young, ports)
  return { client: client.TIME_WAIT ?? 0, upstream: upstream.TIME_WAIT ?? 0 }
}
