import process from 'node:process'
import { requestsTo } from './bench-request.ts'
import { LoadedPool } from './loaded-pool.ts'
import { nsOfMany } from './ns-of-many.ts'

const PLACES = 10
const ORIGIN = { key: 'origin', name: 'origin' }

/** So many requests wait for ten connections and are served, one after the other; the cost of each. */
export const queue = (size: number): number => nsOfMany(size, () => serveAll(size))

const serveAll = (size: number): number => {
  const caps = { maxPerOrigin: PLACES, maxTotal: PLACES, maxIdlePerOrigin: PLACES }
  const loaded = new LoadedPool(caps)
  const { pool } = loaded
  const requests = requestsTo(ORIGIN, size)
  const startNs = process.hrtime.bigint()
  for (const request of requests) pool.lease(request, 0)
  for (const connection of loaded.dials.splice(0)) pool.opened(connection, 0)
  const connections = [...(pool.origins.get(ORIGIN.key)?.connections ?? [])]
  for (let turn = 0; loaded.grantCount < size; turn++) {
    const connection = connections[turn % PLACES]
    if (connection === undefined) throw new Error('there is no connection')
    pool.release(connection, 1)
  }
  return Number(process.hrtime.bigint() - startNs)
}
