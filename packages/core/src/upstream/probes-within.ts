import {
  DEFAULT_TCP_KEEP_ALIVE,
  TCP_KEEP_ALIVE_LIMITS,
  type TcpKeepAlive,
} from '../tcp/tcp-keep-alive.ts'

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000

/**
 * The default, or as much faster as it takes to probe a connection before something on its path
 * forgets it: within half of the limit less the margin, and, all probes counted, within all of it.
 * In whole seconds, for sockets know no less, and never below one.
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
