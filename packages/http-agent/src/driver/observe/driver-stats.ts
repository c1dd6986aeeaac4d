import type { Caps, OriginStats, OriginTarget, Pool, PoolRequest, PoolStats } from '@holdfast/core'
import type { PortUsage } from '@holdfast/core/tcp'
import { monotonicNowMs } from '../clock.ts'
import { CAN_SET_PROBES } from '../liveness/tcp-probes.ts'
import { type AddressRow, addressRow } from './address-row.ts'
import type { ServerAddress } from './server-address.ts'

/** A snapshot of one origin, with the address of its server. */
export interface DriverOriginStats extends OriginStats, ServerAddress {
  /** The addresses that its name stands for; empty where the pool knows none. */
  readonly addresses: readonly AddressRow[]
}

/** A snapshot of an agent or dispatcher, and of each of its origins. */
export interface DriverStats extends PoolStats {
  readonly origins: Readonly<Record<string, DriverOriginStats>>
  /** The present limits on connections; `Infinity` where there is none. */
  readonly limits: Caps
  /**
   * Whether this Node can set the interval and the number of TCP keepalive probes (24.21, 26.10).
   * Where it cannot, `policy.tcpKeepAlive` sets their delay only.
   */
  readonly canSetProbes: boolean
  /**
   * The ephemeral ports that this process holds by way of all its agents and dispatchers, TIME_WAITs
   * that it has left included.
   */
  readonly ports: PortUsage
}

export const driverStats = <Transport, Request extends PoolRequest>(
  pool: Pool<Transport, Request>,
  serverOf: (target: OriginTarget) => ServerAddress,
  caps: Caps,
  ports: PortUsage,
): DriverStats => {
  const stats = pool.stats()
  const nowMs = monotonicNowMs()
  const origins: Record<string, DriverOriginStats> = {}
  for (const { key, name, target } of pool.origins.values()) {
    const known = pool.addresses?.addressesOf(key) ?? []
    const addresses = known.map((address) => addressRow(address, address.isPassedOver(nowMs)))
    origins[name] = { ...(stats.origins[name] as OriginStats), ...serverOf(target), addresses }
  }
  const { maxPerOrigin, maxTotal, maxIdlePerOrigin } = caps
  const limits = { maxPerOrigin, maxTotal, maxIdlePerOrigin }
  return { ...stats, origins, limits, canSetProbes: CAN_SET_PROBES, ports }
}
