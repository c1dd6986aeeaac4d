import { realTime } from './real-time.ts'

/**
 * Throws what a listener or handler threw where nobody's work is interrupted by it. It is an uncaught
 * exception there, as it is with undici, which has no better place for it either.
 */
export const throwLater = (error: unknown): void => {
  realTime.queueMicrotask(() => {
    throw error
  })
}
