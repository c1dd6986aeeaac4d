import process from 'node:process'
import { targetsOf } from './lease-and-release.ts'
import { LoadedPool } from './loaded-pool.ts'
import { nsOfMany } from './ns-of-many.ts'

const IDLE_TIMEOUT_MS = 1000

/** So many idle connections expire in one call; the cost of each. */
export const expiry = (size: number): number => nsOfMany(size, () => expireAll(size))

const expireAll = (size: number): number => {
  const unlimited = Number.POSITIVE_INFINITY
  const caps = { maxPerOrigin: unlimited, maxTotal: unlimited, maxIdlePerOrigin: unlimited }
  const loaded = new LoadedPool(caps, IDLE_TIMEOUT_MS)
  loaded.fill(targetsOf(1), size, 0)
  const startNs = process.hrtime.bigint()
  loaded.pool.advance(IDLE_TIMEOUT_MS)
  const tookNs = process.hrtime.bigint() - startNs
  if (loaded.closes.length < size) throw new Error('not all connections expired')
  return Number(tookNs)
}
