/** Port numbers from `first` to `last`, both included. */
export interface PortRange {
  /** The first port. */
  readonly first: number
  /** The last port, included. */
  readonly last: number
}

/** Sysctl `net.ipv4.ip_local_port_range`, Linux' default: 28,232 ports. */
export const LINUX_EPHEMERAL_PORTS: PortRange = { first: 32_768, last: 60_999 }

/**
 * The time that Linux keeps TIME_WAIT, in milliseconds: `TCP_TIMEWAIT_LEN`, fixed in the kernel's
 * `tcp.h`. Sysctl `tcp_fin_timeout`, also 60 s, limits FIN_WAIT_2 instead.
 */
export const LINUX_TIME_WAIT_MS = 60_000

/** Counts the ports of a range. */
export const portCount = ({ first, last }: PortRange): number => last - first + 1

/**
 * Computes the rate of connections per second that one source address can sustain to one
 * destination address and port, if it closes each of them first: Linux' defaults give 28,232 / 60 ≈
 * 470. Beyond that, `connect` fails with `EADDRNOTAVAIL`.
 *
 * @param ports Number of ephemeral ports.
 * @param timeWaitMs Time that each stays in TIME_WAIT, in milliseconds.
 */
export const connectionsPerSecond = (
  ports: number = portCount(LINUX_EPHEMERAL_PORTS),
  timeWaitMs: number = LINUX_TIME_WAIT_MS,
): number => (ports * 1000) / timeWaitMs
