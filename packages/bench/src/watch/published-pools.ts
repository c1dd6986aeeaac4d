import { type PoolReport, readPublishedPools } from '@holdfast/http-agent/publish'
import { Ajv, type ValidateFunction } from 'ajv'

const COUNT = { type: 'number', minimum: 0 }
const PORT = { type: 'integer', minimum: 1, maximum: 65_535 }
const TEXT = { type: 'string', maxLength: 1000 }

/** Pools read at most, since each takes time to join and draw. */
const MOST_POOLS = 1000
const MOST_CONNECTIONS = 200_000

const REQUIRED_COUNTS = ['connecting', 'idle', 'leased', 'closing', 'waiting', 'leases', 'reuses']

/** Schema of a report. The publisher may be another program, or malicious. */
const SCHEMA = {
  type: 'object',
  required: ['name', 'stats', 'connections'],
  properties: {
    name: TEXT,
    stats: {
      type: 'object',
      required: REQUIRED_COUNTS,
      additionalProperties: true,
      properties: Object.fromEntries(
        [...REQUIRED_COUNTS, 'lingering'].map((name) => [name, COUNT]),
      ),
    },
    connections: {
      type: 'array',
      maxItems: MOST_CONNECTIONS,
      items: {
        type: 'object',
        required: ['id', 'state', 'requestCount', 'tcpStateAlternatives'],
        properties: {
          id: COUNT,
          origin: TEXT,
          state: TEXT,
          remoteAddress: TEXT,
          requestCount: COUNT,
          tcpState: TEXT,
          tcpStateAlternatives: { type: 'array', maxItems: 11, items: TEXT },
          localPort: PORT,
          remotePort: PORT,
          idleMs: { type: 'number' },
          // Infinite where nothing expires, which JSON writes as null.
          expiresInMs: { type: 'number', nullable: true },
        },
      },
    },
  },
}

let compiled: ValidateFunction<PoolReport> | undefined

/** Pools that a process publishes. */
export interface PublishedPools {
  readonly pools: readonly PoolReport[]
  /** Reports that could not be read. */
  readonly unreadable: number
}

/** Reads the pools that a process publishes; nothing is believed before it is checked. */
export async function publishedPools(pid: number): Promise<PublishedPools> {
  return checkedPools(await readPublishedPools(pid))
}

/** Keeps the reports that match the schema. */
export function checkedPools(reports: readonly unknown[]): PublishedPools {
  compiled ??= new Ajv().compile<PoolReport>(SCHEMA)
  const isReport = compiled
  const pools = reports
    .slice(0, MOST_POOLS)
    .filter((report): report is PoolReport => isReport(report))
  return { pools, unreadable: reports.length - pools.length }
}
