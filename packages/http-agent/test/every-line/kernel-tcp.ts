import { readFileSync } from 'node:fs'
import { parseTcpState, type TcpState } from '@holdfast/core/tcp'

/** One socket of this network namespace, as the kernel sees it. */
export interface KernelRow {
  readonly localPort: number
  readonly remotePort: number
  readonly state: TcpState
  /** Whether a process holds a descriptor of it. */
  readonly isHeld: boolean
}

const BLANKS = /\s+/u

const portIn = (address = ''): number => Number.parseInt(address.slice(-4), 16)

/** Every connection to or from the port of the loopback, IPv4. */
export const readKernelRows = (port: number): KernelRow[] => {
  const hexPort = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  return (
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      // The table may be full of what other processes have left behind.
      .filter((line) => line.includes(hexPort))
      .map((line) => {
        const [, local, remote, state = '', , , , , , inode] = line.trim().split(BLANKS)
        return {
          localPort: portIn(local),
          remotePort: portIn(remote),
          state: parseTcpState(state) as TcpState,
          isHeld: inode !== '0',
        }
      })
  )
}
