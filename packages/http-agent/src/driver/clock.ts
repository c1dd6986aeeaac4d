import { realTime } from './real-time.ts'

/**
 * Whole milliseconds of a clock that never steps back: the only clock that the pool is told of. Whole
 * ones, because the engine keeps small integers in place and boxes fractions.
 */
export const monotonicNowMs = (): number => Math.floor(realTime.now())
