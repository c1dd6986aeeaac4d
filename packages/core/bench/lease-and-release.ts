import { createPool } from 'generic-pool'
import { Pool as TarnPool } from 'tarn'
import type { OriginTarget } from '../dist/index.js'
import { BenchRequest } from './bench-request.ts'
import { LoadedPool } from './loaded-pool.ts'
import { nsPerStep, nsPerStepAsync } from './ns-per-step.ts'

const ORIGINS_AT_ONCE = 1_048_576

/** Requests in an order that no cache foresees. */
const scattered = (requests: readonly BenchRequest[]): BenchRequest[] => {
  let state = 1
  return Array.from({ length: Math.min(ORIGINS_AT_ONCE, requests.length * 10) }, () => {
    state = (state * 48_271) % 2_147_483_647
    return requests[state % requests.length] as BenchRequest
  })
}

export const targetsOf = (count: number): OriginTarget[] =>
  Array.from({ length: count }, (_, index) => {
    const host = `host-${index}.example.com`
    return { key: `${host}:443:`, name: `https://${host}:443` }
  })

/**
 * What one request costs after the other, each of which finds an idle connection.
 *
 * @param use What happens between the lease and the release.
 */
const perRequest = (
  size: number,
  originCount: number,
  use: (loaded: LoadedPool, request: BenchRequest, nowMs: number) => void,
): number => {
  const perOrigin = size / originCount
  const loaded = new LoadedPool({
    maxPerOrigin: perOrigin,
    maxTotal: size,
    maxIdlePerOrigin: perOrigin,
  })
  const targets = targetsOf(originCount)
  loaded.fill(targets, perOrigin, 0)
  if (loaded.pool.stats().idle !== size) throw new Error('not all connections are idle')
  const order = scattered(targets.map((target) => new BenchRequest(target)))
  const { pool } = loaded
  let step = 0
  let nowMs = 1
  return nsPerStep(() => {
    step++
    if (step % 1024 === 0) nowMs++
    const request = order[step % order.length] as BenchRequest
    pool.lease(request.anew(), nowMs)
    use(loaded, request, nowMs)
    const { granted } = loaded
    if (granted === undefined) throw new Error('nothing was granted')
    pool.release(granted, nowMs)
  })
}

const nothing = (): void => undefined

/** One idle connection after the other is leased and given back. */
export const holdfast = (size: number, originCount: number): number =>
  perRequest(size, originCount, nothing)

/** The same, with everything that is reported of a request that is sent and answered. */
export const wholeRequest = (size: number, originCount: number): number =>
  perRequest(size, originCount, ({ pool }, request, nowMs) => {
    pool.requests.pass(request)
    pool.requests.complete(request)
    pool.requests.answer(request, nowMs)
  })

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
