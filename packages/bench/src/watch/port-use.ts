import { type PortRange, portCount } from '@holdfast/core/tcp'
import type { TcpRow } from '../linux/tcp-table.ts'
import { addressText, endpointText } from './address-text.ts'

/** Ephemeral ports that connections from one address to one destination hold. */
export interface PortUse {
  /** Local address and destination, as people write them. */
  readonly from: string
  readonly to: string
  readonly ports: number
  /** Ports among `ports` that are in TIME_WAIT. */
  readonly timeWaits: number
  /** Share of `ports` among all ephemeral ports. */
  readonly share: number
}

interface Tally {
  readonly row: TcpRow
  readonly ports: Set<number>
  timeWaits: number
}

/**
 * Users of ephemeral ports, the largest first. An address can use each port once per destination.
 */
export function portUse(rows: readonly TcpRow[], range: PortRange): readonly PortUse[] {
  const listening = new Set(
    rows.filter(({ state }) => state === 'LISTEN').map((row) => row.localPort),
  )
  const tallies = new Map<string, Tally>()
  for (const row of rows) {
    if (row.state === 'LISTEN' || listening.has(row.localPort)) continue
    if (row.localPort < range.first || row.localPort > range.last) continue
    const key = `${row.localAddress} ${row.remoteAddress} ${row.remotePort}`
    const tally = tallies.get(key) ?? { row, ports: new Set<number>(), timeWaits: 0 }
    tally.ports.add(row.localPort)
    if (row.state === 'TIME_WAIT') tally.timeWaits += 1
    tallies.set(key, tally)
  }
  const all = portCount(range)
  return Array.from(tallies.values(), ({ row, ports, timeWaits }) => ({
    from: addressText(row.localAddress),
    to: endpointText(row.remoteAddress, row.remotePort),
    ports: ports.size,
    timeWaits,
    share: ports.size / all,
  })).sort((a, b) => b.ports - a.ports)
}
