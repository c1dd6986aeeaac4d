import type { AddressRow } from '../driver/observe/address-row.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'

/** A figure of a pool that is read when it is asked for, and told apart by pool alone. */
export interface PoolReading {
  /** After `http.client.`, as OpenTelemetry writes names. */
  readonly name: string
  readonly description: string
  readonly unit: '{connection}' | '{request}' | '{address}'
  /** A `level` goes up and down; a `total` only up, as long as the pool lives. */
  readonly kind: 'level' | 'total'
  readonly of: (stats: DriverStats) => number
}

const addressesOf = (origins: DriverStats['origins']): readonly AddressRow[] =>
  Object.values(origins).flatMap(({ addresses }) => addresses)

/** How close a pool is to its limits, and what it has done so far. */
export const POOL_READINGS: readonly PoolReading[] = [
  {
    name: 'request.waiting',
    description: 'Requests that wait for a connection.',
    unit: '{request}',
    kind: 'level',
    of: ({ waiting }) => waiting,
  },
  {
    name: 'connection.connecting',
    description: 'Connections that are being dialled.',
    unit: '{connection}',
    kind: 'level',
    of: ({ connecting }) => connecting,
  },
  {
    name: 'connection.lingering',
    description: 'Connections that wait for their peer to close first.',
    unit: '{connection}',
    kind: 'level',
    of: ({ lingering }) => lingering,
  },
  {
    name: 'address.known',
    description: 'Addresses that the names of servers stand for.',
    unit: '{address}',
    kind: 'level',
    of: ({ origins }) => addressesOf(origins).length,
  },
  {
    name: 'address.passed_over',
    description: 'Those of them that others come before, because dials of them failed.',
    unit: '{address}',
    kind: 'level',
    of: ({ origins }) => addressesOf(origins).filter(({ isPassedOver }) => isPassedOver).length,
  },
  {
    name: 'connection.dials',
    description: 'Dials that were begun.',
    unit: '{connection}',
    kind: 'total',
    of: ({ dials }) => dials,
  },
  {
    name: 'connection.dial_failures',
    description: 'Dials that failed.',
    unit: '{connection}',
    kind: 'total',
    of: ({ dialFailures }) => dialFailures,
  },
  {
    name: 'connection.leases',
    description: 'Requests that got a connection.',
    unit: '{request}',
    kind: 'total',
    of: ({ leases }) => leases,
  },
  {
    name: 'connection.reuses',
    description: 'Requests that got a connection which had served another one.',
    unit: '{request}',
    kind: 'total',
    of: ({ reuses }) => reuses,
  },
  {
    name: 'request.rejections',
    description: 'Requests that got an error instead of a connection.',
    unit: '{request}',
    kind: 'total',
    of: ({ rejections }) => rejections,
  },
]
