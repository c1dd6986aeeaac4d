import process from 'node:process'
import { targetsOf } from './lease-and-release.ts'
import { LoadedPool } from './loaded-pool.ts'

const heapBytes = (): number => {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('memory is measured with --expose-gc')
  gc()
  gc()
  return process.memoryUsage().heapUsed
}

/** What the pool keeps for each idle connection, its own share of the origin included. */
export const memory = (size: number, originCount: number): number => {
  const perOrigin = size / originCount
  const targets = targetsOf(originCount)
  const beforeBytes = heapBytes()
  const loaded = new LoadedPool({
    maxPerOrigin: perOrigin,
    maxTotal: size,
    maxIdlePerOrigin: perOrigin,
  })
  loaded.fill(targets, perOrigin, 0)
  const bytes = (heapBytes() - beforeBytes) / size
  if (loaded.pool.openCount !== size) throw new Error('not all connections are there')
  return bytes
}
