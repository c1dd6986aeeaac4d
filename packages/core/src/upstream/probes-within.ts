import {
  DEFAULT_TCP_KEEP_ALIVE,
  TCP_KEEP_ALIVE_LIMITS,
  type TcpKeepAlive,
} from '../tcp/tcp-keep-alive.ts'

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000

/**
 * Computes TCP probes: the default, or faster ones that reach a connection before something on its
 * path forgets it. The first comes within half of the limit less the margin, all within the whole
 * of it. Times are in whole seconds, as sockets take them, and at least one.
 */
export const probesWithin = (limitMs: number, marginMs: number): TcpKeepAlive => {
  const { delayMs, intervalMs, probes } = DEFAULT_TCP_KEEP_ALIVE
  const halfMs = (limitMs - marginMs) / 2
  return Object.freeze({
    delayMs: Math.min(delayMs, Math.max(TCP_KEEP_ALIVE_LIMITS.delayMs.min, wholeSeconds(halfMs))),
    intervalMs: Math.min(
      intervalMs,
      Math.max(TCP_KEEP_ALIVE_LIMITS.intervalMs.min, wholeSeconds(halfMs / probes)),
    ),
    probes,
  })
}
