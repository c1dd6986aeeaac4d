import { performance } from 'node:perf_hooks'

/** Milliseconds of a clock that never steps back: the only clock that the pool is told of. */
export const monotonicNowMs = (): number => performance.now()
