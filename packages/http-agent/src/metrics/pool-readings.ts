import { REJECTION_CODES } from '@holdfast/core'
import type { AddressRow } from '../driver/observe/address-row.ts'
import type { DriverStats } from '../driver/observe/driver-stats.ts'

/** A figure of a pool that is read on demand. */
export interface PoolReading {
  /** The name after `http.client.`, in OpenTelemetry's notation. */
  readonly name: string
  readonly description: string
  readonly unit: '{connection}' | '{request}' | '{address}' | '{port}' | '{destination}'
  /**
   * The kind of figure: a `level` goes up and down; a `total` only goes up while the pool lives.
   */
  readonly kind: 'level' | 'total'
  /** Whether it is a figure of the process, not of one pool. */
  readonly isOfProcess?: true
  /**
   * The attribute of OpenTelemetry, and the label of Prometheus, that tells several values of a
   * pool apart.
   */
  readonly by?: { readonly attribute: string; readonly label: string }
  /** Reads one value, or several by that attribute. */
  readonly of: (stats: DriverStats) => number | Readonly<Record<string, number>>
}

/** Rejections by code before the first one: 0, so that the first rejection shows as a step. */
const NO_REJECTIONS: Readonly<Record<string, number>> = Object.fromEntries(
  REJECTION_CODES.map((code) => [code, 0]),
)

const isFinitePair = (pair: [string, number]): boolean => Number.isFinite(pair[1])

const addressesOf = (origins: DriverStats['origins']): readonly AddressRow[] =>
  Object.values(origins).flatMap(({ addresses }) => addresses)

/** Figures that show how close a pool is to its limits, and what it has done so far. */
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
    name: 'connection.limit',
    description: 'How many connections there may be. A limit that is not set is not told of.',
    unit: '{connection}',
    kind: 'level',
    by: { attribute: 'holdfast.limit.scope', label: 'scope' },
    of: ({ limits: { maxPerOrigin, maxTotal, maxIdlePerOrigin } }) =>
      Object.fromEntries(
        Object.entries({
          origin: maxPerOrigin,
          total: maxTotal,
          // biome-ignore lint/style/useNamingConvention: a value of an attribute.
          idle_origin: maxIdlePerOrigin,
        }).filter(isFinitePair),
      ),
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
    by: { attribute: 'error.type', label: 'code' },
    of: ({ rejectionsByCode }) => ({ ...NO_REJECTIONS, ...rejectionsByCode }),
  },
  {
    name: 'request.moves',
    description:
      'Requests that went to another connection because theirs was lost before they were sent.',
    unit: '{request}',
    kind: 'total',
    of: ({ moves }) => moves,
  },
  {
    name: 'request.failures',
    description: 'Requests that got a connection, and an error.',
    unit: '{request}',
    kind: 'total',
    of: ({ failures }) => failures,
  },
  {
    name: 'port.range',
    description: 'Ephemeral ports that there are for each destination.',
    unit: '{port}',
    kind: 'level',
    isOfProcess: true,
    of: ({ ports }) => ports.ports,
  },
  {
    name: 'port.held',
    description: 'Ephemeral ports that open connections and TIME_WAITs of the process hold.',
    unit: '{port}',
    kind: 'level',
    isOfProcess: true,
    by: { attribute: 'holdfast.port.holder', label: 'holder' },
    // biome-ignore lint/style/useNamingConvention: a value of an attribute.
    of: ({ ports: { open, timeWaits } }) => ({ open, time_wait: timeWaits }),
  },
  {
    name: 'port.nearly_exhausted',
    description: 'Destinations whose ephemeral ports are nearly used up.',
    unit: '{destination}',
    kind: 'level',
    isOfProcess: true,
    of: ({ ports }) => ports.nearlyExhausted.length,
  },
]
