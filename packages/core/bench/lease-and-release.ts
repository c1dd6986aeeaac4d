import { createPool } from 'generic-pool'
import { Pool as TarnPool } from 'tarn'
import { LoadedPool } from './loaded-pool.ts'
import { nsPerStep, nsPerStepAsync } from './ns-per-step.ts'

const ORIGINS_AT_ONCE = 1_048_576

/** Keys in an order that no cache foresees. */
const scattered = (keys: readonly string[]): string[] => {
  let state = 1
  return Array.from({ length: Math.min(ORIGINS_AT_ONCE, keys.length * 10) }, () => {
    state = (state * 48_271) % 2_147_483_647
    return keys[state % keys.length] as string
  })
}

export const keysOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `host-${index}.example.com:443:`)

/** One idle connection after the other is leased and given back. */
export const holdfast = (size: number, originCount: number): number => {
  const perOrigin = size / originCount
  const loaded = new LoadedPool({
    maxPerOrigin: perOrigin,
    maxTotal: size,
    maxIdlePerOrigin: perOrigin,
  })
  const keys = keysOf(originCount)
  loaded.fill(keys, perOrigin, 0)
  if (loaded.pool.stats().idle !== size) throw new Error('not all connections are idle')
  const order = scattered(keys)
  const { pool } = loaded
  let step = 0
  let nowMs = 1
  return nsPerStep(() => {
    step++
    if (step % 1024 === 0) nowMs++
    pool.lease(order[step % order.length] as string, step, nowMs)
    const { granted } = loaded
    if (granted === undefined) throw new Error('nothing was granted')
    pool.release(granted, nowMs)
  })
}

/** The same by generic-pool, which knows no origins. */
export const genericPool = async (size: number): Promise<number> => {
  let made = 0
  const pool = createPool(
    { create: async () => ({ id: made++ }), destroy: async () => undefined },
    { max: size, min: size, fifo: false },
  )
  await pool.ready()
  return nsPerStepAsync(async () => {
    const resource = await pool.acquire()
    await pool.release(resource)
  })
}

/** The same by tarn, which knows no origins. */
export const tarn = async (size: number): Promise<number> => {
  let made = 0
  const pool = new TarnPool({
    create: () => ({ id: made++ }),
    destroy: () => undefined,
    min: 0,
    max: size,
    idleTimeoutMillis: 1e9,
    reapIntervalMillis: 1e9,
  })
  const acquired = await Promise.all(Array.from({ length: size }, () => pool.acquire().promise))
  for (const resource of acquired) pool.release(resource)
  const cost = await nsPerStepAsync(async () => {
    pool.release(await pool.acquire().promise)
  })
  // Its timer would keep the process.
  await pool.destroy()
  return cost
}
