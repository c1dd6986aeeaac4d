import { expiry } from './expiry.ts'
import { genericPool, holdfast, tarn, wholeRequest } from './lease-and-release.ts'
import { memory } from './memory.ts'
import { queue } from './queue.ts'

/** One number of a table: what is measured, with how many connections or requests, of how many origins. */
export interface Cell {
  readonly row: string
  readonly size: number
  readonly originCount: number
}

type Measure = (cell: Cell) => number | Promise<number>

/** Every row, and how its numbers are found. */
export const MEASURES: Readonly<Record<string, Measure>> = {
  'lease + release, holdfast': ({ size, originCount }) => holdfast(size, originCount),
  'lease, sent, answered, release, holdfast': ({ size, originCount }) =>
    wholeRequest(size, originCount),
  'lease + release, generic-pool': ({ size }) => genericPool(size),
  'lease + release, tarn': ({ size }) => tarn(size),
  expiry: ({ size }) => expiry(size),
  'queued and served': ({ size }) => queue(size),
  'bytes of an idle connection': ({ size, originCount }) => memory(size, originCount),
}

const SIZES = [10, 1000, 100_000, 1_000_000] as const
const MANY_ORIGINS = 100_000

const cellsOf = (row: string, sizes: readonly number[], originCount = 1): Cell[] =>
  sizes.map((size) => ({ row, size, originCount }))

/** Everything that is measured. Tarn runs out of memory where 100,000 ask at once. */
export const CELLS: readonly Cell[] = [
  ...cellsOf('lease + release, holdfast', SIZES),
  ...cellsOf('lease + release, holdfast', [100_000, 1_000_000], MANY_ORIGINS),
  ...cellsOf('lease, sent, answered, release, holdfast', [10, 1000]),
  ...cellsOf('lease + release, generic-pool', [10, 1000, 100_000]),
  ...cellsOf('lease + release, tarn', [10, 1000]),
  ...cellsOf('expiry', SIZES),
  ...cellsOf('queued and served', SIZES),
  ...cellsOf('bytes of an idle connection', [1000, 100_000, 1_000_000]),
  ...cellsOf('bytes of an idle connection', [100_000, 1_000_000], MANY_ORIGINS),
]
