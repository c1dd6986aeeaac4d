import { type Bounds, checkNumber } from '../options/bounds.ts'

/**
 * TCP keepalive: probes of a peer that is silent. It has nothing to do with HTTP keep-alive, the
 * reuse of a connection.
 */
export interface TcpKeepAlive {
  /** Silence before the first probe, in milliseconds; Linux' `TCP_KEEPIDLE`. */
  readonly delayMs: number
  /** The time between two probes, in milliseconds; Linux' `TCP_KEEPINTVL`. */
  readonly intervalMs: number
  /** Unanswered probes until the connection is dead; Linux' `TCP_KEEPCNT`. */
  readonly probes: number
}

/**
 * Bounds that Linux has for each socket: 1 s to `MAX_TCP_KEEPIDLE`, and up to `MAX_TCP_KEEPCNT`
 * probes.
 */
export const TCP_KEEP_ALIVE_LIMITS: Readonly<
  Record<keyof TcpKeepAlive, Bounds & { readonly default: number }>
> = {
  delayMs: { default: 30_000, min: 1000, max: 32_767_000, isInteger: false },
  intervalMs: { default: 5000, min: 1000, max: 32_767_000, isInteger: false },
  probes: { default: 3, min: 1, max: 127, isInteger: true },
}

/** Frequent enough for every middlebox that Holdfast knows; a dead peer is seen after 45 s. */
export const DEFAULT_TCP_KEEP_ALIVE: TcpKeepAlive = Object.freeze({
  delayMs: TCP_KEEP_ALIVE_LIMITS.delayMs.default,
  intervalMs: TCP_KEEP_ALIVE_LIMITS.intervalMs.default,
  probes: TCP_KEEP_ALIVE_LIMITS.probes.default,
})

/** Returns the settings, if each is within its bounds. */
export const checkTcpKeepAlive = (key: string, keepAlive: TcpKeepAlive): TcpKeepAlive => ({
  delayMs: checkNumber(`${key}.delayMs`, keepAlive.delayMs, TCP_KEEP_ALIVE_LIMITS.delayMs),
  intervalMs: checkNumber(
    `${key}.intervalMs`,
    keepAlive.intervalMs,
    TCP_KEEP_ALIVE_LIMITS.intervalMs,
  ),
  probes: checkNumber(`${key}.probes`, keepAlive.probes, TCP_KEEP_ALIVE_LIMITS.probes),
})
