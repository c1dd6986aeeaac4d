/** Port numbers from `first` to `last`, both included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

/** Sysctl `net.ipv4.ip_local_port_range`, Linux' default: 28,232 ports. */
export const LINUX_EPHEMERAL_PORTS: PortRange = { first: 32_768, last: 60_999 }

/**
 * How long Linux keeps TIME_WAIT, in milliseconds: `TCP_TIMEWAIT_LEN`, fixed in the kernel's
 * `tcp.h`. Sysctl `tcp_fin_timeout`, also 60 s, limits FIN_WAIT_2 instead.
 */
export const LINUX_TIME_WAIT_MS = 60_000

/** How many ports a range holds. */
export const portCount = ({ first, last }: PortRange): number => last - first + 1

/**
 * How many connections per second one source address can open to one destination address and port
 * for ever, if it closes each of them first: Linux' defaults give 28,232 / 60 ≈ 470. Beyond that,
 * `connect` fails with `EADDRNOTAVAIL`.
 *
 * @param ports How many ephemeral ports there are.
 * @param timeWaitMs How long each stays in TIME_WAIT.
 */
export const connectionsPerSecond = (
  ports: number = portCount(LINUX_EPHEMERAL_PORTS),
  timeWaitMs: number = LINUX_TIME_WAIT_MS,
): number => (ports * 1000) / timeWaitMs
