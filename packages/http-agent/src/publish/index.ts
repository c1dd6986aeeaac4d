/**
 * Shows the pools of a running process to `holdfast watch`.
 *
 * @module @holdfast/http-agent/publish
 */

export type { ConnectionRow } from '../driver/observe/connection-row.ts'
export type { PoolReport, PublishedPool } from './pool-report.ts'
export { type Publication, type PublishOptions, publishPool } from './publish-pool.ts'
export { readPublishedPools } from './read-published-pools.ts'
