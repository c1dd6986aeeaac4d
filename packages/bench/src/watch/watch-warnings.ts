import { connectionsPerSecond, type PortRange, portCount } from '@holdfast/core/tcp'
import { formatCount } from '../forms/format.ts'
import type { StaleCloseWaits } from './close-waits.ts'
import type { JoinedPools } from './join-pools.ts'
import type { PortUse } from './port-use.ts'
import type { StateLine } from './state-line.ts'

/** Share of the ephemeral ports from which on `EADDRNOTAVAIL` is near. */
const PORTS_NEARLY_USED_UP = 0.7

const MS_PER_SECOND = 1000

interface WhatIsSeen {
  readonly states: readonly StateLine[]
  readonly destinations: readonly PortUse[] | null
  readonly staleCloseWaits: StaleCloseWaits
  readonly joined: JoinedPools | null
  /** Reports of pools that could not be read. */
  readonly unreadable: number
  readonly ephemeralPorts: PortRange | null
}

/** Warnings that a reader should act on. */
export function watchWarnings(seen: WhatIsSeen): readonly string[] {
  return [...closeWaitWarnings(seen), ...portWarnings(seen), ...poolWarnings(seen)]
}

function closeWaitWarnings({ states, staleCloseWaits }: WhatIsSeen): readonly string[] {
  const { count, oldestMs } = staleCloseWaits
  if (count === 0) return []
  const history = states.find(({ state }) => state === 'CLOSE_WAIT')?.history ?? []
  const growth = (history.at(-1) ?? 0) - Math.min(...history)
  const grows = growth > 0 ? `, ${formatCount(growth)} more than at the least` : ''
  const seconds = Math.floor(oldestMs / MS_PER_SECOND)
  return [
    `CLOSE_WAIT leak: the peers of ${formatCount(count)} connections have closed, and their process has not for up to ${seconds} s${grows}`,
  ]
}

function portWarnings({ destinations, ephemeralPorts }: WhatIsSeen): readonly string[] {
  if (destinations === null || ephemeralPorts === null) return []
  const all = portCount(ephemeralPorts)
  return destinations
    .filter(({ share }) => share >= PORTS_NEARLY_USED_UP)
    .map(({ from, to, ports, timeWaits }) => {
      const rate = Math.floor(connectionsPerSecond(all))
      return `ports nearly used up: ${from} holds ${formatCount(ports)} of ${formatCount(all)} to ${to}, ${formatCount(timeWaits)} in TIME_WAIT; more than ${formatCount(rate)} connections a second cannot last`
    })
}

function poolWarnings({ joined, unreadable }: WhatIsSeen): readonly string[] {
  if (unreadable > 0) return ['what the process publishes is no report of pools: it is not shown']
  if (joined === null) return []
  const differing = joined.connections.filter(({ agrees }) => !agrees)
  const [first] = differing
  if (first === undefined) return []
  const { pool, localPort, state, pooledTcpState, kernelTcpState } = first
  return [
    `pool and kernel disagree on ${formatCount(differing.length)} connections: the one from port ${localPort} is ${state} in ${pool}, which takes it for ${pooledTcpState}, and the kernel says ${kernelTcpState ?? 'that there is none'}`,
  ]
}
