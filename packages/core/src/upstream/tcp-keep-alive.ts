import { type Bounds, checkNumber } from '../bounds.ts'

/**
 * TCP keepalive: probes of a peer that is silent. It has nothing to do with HTTP keep-alive, the
 * reuse of a connection.
 */
export interface TcpKeepAlive {
  /** How long a connection is silent before the first probe; Linux' `TCP_KEEPIDLE`. */
  readonly delayMs: number
  /** The time between two probes; Linux' `TCP_KEEPINTVL`. */
  readonly intervalMs: number
  /** Unanswered probes until the connection is dead; Linux' `TCP_KEEPCNT`. */
  readonly probes: number
}

/** What Linux takes per socket: 1 s to `MAX_TCP_KEEPIDLE`, and up to `MAX_TCP_KEEPCNT` probes. */
export const TCP_KEEP_ALIVE_BOUNDS: Readonly<Record<keyof TcpKeepAlive, Bounds>> = {
  delayMs: { min: 1000, max: 32_767_000, isInteger: false },
  intervalMs: { min: 1000, max: 32_767_000, isInteger: false },
  probes: { min: 1, max: 127, isInteger: true },
}

/** Frequent enough for every middlebox that Holdfast knows; a dead peer is seen after 45 s. */
export const DEFAULT_TCP_KEEP_ALIVE: TcpKeepAlive = Object.freeze({
  delayMs: 30_000,
  intervalMs: 5000,
  probes: 3,
})

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
    delayMs: Math.min(delayMs, Math.max(TCP_KEEP_ALIVE_BOUNDS.delayMs.min, wholeSeconds(halfMs))),
    intervalMs: Math.min(
      intervalMs,
      Math.max(TCP_KEEP_ALIVE_BOUNDS.intervalMs.min, wholeSeconds(halfMs / probes)),
    ),
    probes,
  })
}

/** The settings, if each is within its bounds. */
export const checkTcpKeepAlive = (key: string, keepAlive: TcpKeepAlive): TcpKeepAlive => ({
  delayMs: checkNumber(`${key}.delayMs`, keepAlive.delayMs, TCP_KEEP_ALIVE_BOUNDS.delayMs),
  intervalMs: checkNumber(
    `${key}.intervalMs`,
    keepAlive.intervalMs,
    TCP_KEEP_ALIVE_BOUNDS.intervalMs,
  ),
  probes: checkNumber(`${key}.probes`, keepAlive.probes, TCP_KEEP_ALIVE_BOUNDS.probes),
})
