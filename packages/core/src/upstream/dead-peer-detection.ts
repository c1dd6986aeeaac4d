// biome-ignore-all lint/style/useNamingConvention: the names are those of the sysctls.

import { InvalidOptionError } from '../errors.ts'
import { type Bounds, checkNumber } from '../options/bounds.ts'
import { checkTcpKeepAlive, type TcpKeepAlive } from '../tcp/tcp-keep-alive.ts'

/** Sysctls `net.ipv4.tcp_keepalive_*` under their own names, as Linux shows them: in seconds. */
export interface TcpKeepAliveSysctls {
  /** Silence before the first probe, in seconds. */
  readonly tcp_keepalive_time: number
  /** The time between two probes, in seconds. */
  readonly tcp_keepalive_intvl: number
  /** Unanswered probes until the connection is dead. */
  readonly tcp_keepalive_probes: number
}

/** Linux' defaults. They hold only for sockets on which a program has switched keepalive on. */
export const LINUX_TCP_KEEP_ALIVE_SYSCTLS: TcpKeepAliveSysctls = Object.freeze({
  tcp_keepalive_time: 7200,
  tcp_keepalive_intvl: 75,
  tcp_keepalive_probes: 9,
})

const MS_PER_SECOND = 1000

const BOUNDS: Readonly<Record<keyof TcpKeepAliveSysctls, Bounds>> = {
  // The kernel refuses more seconds than `INT_MAX / HZ`, at 1000 Hz.
  tcp_keepalive_time: { min: 1, max: 2_147_483, isInteger: true },
  tcp_keepalive_intvl: { min: 1, max: 2_147_483, isInteger: true },
  tcp_keepalive_probes: { min: 1, max: 255, isInteger: true },
}

const fromSysctls = (sysctls: TcpKeepAliveSysctls): TcpKeepAlive => {
  const read = (key: keyof TcpKeepAliveSysctls): number =>
    checkNumber(`keepAlive.${key}`, sysctls[key], BOUNDS[key])
  return {
    delayMs: read('tcp_keepalive_time') * MS_PER_SECOND,
    intervalMs: read('tcp_keepalive_intvl') * MS_PER_SECOND,
    probes: read('tcp_keepalive_probes'),
  }
}

/**
 * Computes the time until an idle connection notices a peer that vanished without a FIN or RST: the
 * delay until the first probe, and the interval after each unanswered one. Linux' defaults give
 * 7200 s + 9 × 75 s = 7875 s.
 *
 * @param keepAlive Linux' sysctls, in seconds, or the settings of a socket, in milliseconds.
 * @returns Milliseconds.
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`) for a value that is no number, or one
 * that Linux does not take.
 */
export const deadPeerDetectionMs = (
  keepAlive: TcpKeepAliveSysctls | TcpKeepAlive = LINUX_TCP_KEEP_ALIVE_SYSCTLS,
): number => {
  if (typeof keepAlive !== 'object' || keepAlive === null) {
    throw new InvalidOptionError('keepAlive', keepAlive, 'an object')
  }
  const { delayMs, intervalMs, probes } =
    'tcp_keepalive_time' in keepAlive
      ? fromSysctls(keepAlive)
      : checkTcpKeepAlive('keepAlive', keepAlive)
  return delayMs + probes * intervalMs
}
