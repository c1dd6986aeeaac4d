import { readFile } from 'node:fs/promises'

/** A row of the kernel's table of TCP connections. */
export interface KernelConnection {
  readonly localPort: number
  readonly remotePort: number
  /** By its RFC 9293 name. */
  readonly state: string
}

/** In the order of the kernel's numbers, which begin at 1. */
const STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECEIVED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'TIME_WAIT',
  'CLOSED',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'SYN_RECEIVED',
] as const

const portOf = (address = ''): number => Number.parseInt(address.split(':')[1] ?? '', 16)

const read = (row: string): KernelConnection => {
  const [, local, remote, state = ''] = row.trim().split(/\s+/u)
  return {
    localPort: portOf(local),
    remotePort: portOf(remote),
    state: STATES[Number.parseInt(state, 16) - 1] ?? state,
  }
}

/** The TCP connections of the network that the process is in, IPv4 and IPv6. */
export const readConnections = async (
  pid: number | 'self',
): Promise<readonly KernelConnection[]> => {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8')),
  )
  return tables.flatMap((table) => table.trim().split('\n').slice(1).map(read))
}

/** How many TIME_WAITs the clients of a port hold, and how many its server. */
export const countTimeWaits = (
  connections: readonly KernelConnection[],
  port: number,
): { readonly client: number; readonly server: number } => {
  const waiting = connections.filter(({ state }) => state === 'TIME_WAIT')
  return {
    client: waiting.filter(({ remotePort }) => remotePort === port).length,
    server: waiting.filter(({ localPort }) => localPort === port).length,
  }
}
