import { realTime } from './real-time.ts'

/**
 * Milliseconds of a clock that never steps back; the pool gets all its times from it. They are whole
 * numbers, because the engine stores small integers in place and boxes fractions.
 */
export const monotonicNowMs = (): number => Math.floor(realTime.now())
