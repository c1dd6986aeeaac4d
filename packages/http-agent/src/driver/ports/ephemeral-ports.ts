import { readFileSync } from 'node:fs'
import { platform } from 'node:process'
import { LINUX_EPHEMERAL_PORTS, type PortRange } from '@holdfast/core/tcp'

/** The range that RFC 6335 sets aside, and that macOS and Windows use. */
const DYNAMIC_PORTS: PortRange = { first: 49_152, last: 65_535 }

const PORT_RANGE = /^(?<first>\d+)\s+(?<last>\d+)/u

/** Reads what Linux shows of the sysctl; its default where that makes no range. */
export const readPortRange = (text: string): PortRange => {
  const { first, last } = PORT_RANGE.exec(text)?.groups ?? {}
  const range = { first: Number(first), last: Number(last) }
  return range.first >= 1 && range.first <= range.last && range.last <= 65_535
    ? range
    : LINUX_EPHEMERAL_PORTS
}

/** The ports that this machine, or network namespace, gives to connections that it opens. */
export const findEphemeralPorts = (): PortRange => {
  if (platform !== 'linux') return DYNAMIC_PORTS
  try {
    return readPortRange(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'))
  } catch {
    return LINUX_EPHEMERAL_PORTS
  }
}
