import os from 'node:os'
import process from 'node:process'
import { readLinuxFile } from './read-linux-file.ts'

const BLANKS = /\s+/u

/** What a reader must know of the machine to judge its figures; null where it cannot be read. */
export interface Machine {
  readonly cpuModel: string
  readonly cores: number
  /** Name and release of the kernel. */
  readonly kernel: string
  readonly nodeVersion: string
  /** Over 1, 5 and 15 minutes, before the run. */
  readonly loadAverage: readonly number[]
  /** Sysctl `net.ipv4.tcp_tw_reuse`: 0 off, 1 on, 2 on for loopback. */
  readonly tcpTwReuse: number | null
  /** Sysctl `net.ipv4.ip_local_port_range`: first and last ephemeral port. */
  readonly ephemeralPorts: readonly number[] | null
}

export function describeMachine(): Machine {
  const cpus = os.cpus()
  return {
    cpuModel: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    kernel: `${os.type()} ${os.release()}`,
    nodeVersion: process.version,
    loadAverage: os.loadavg(),
    tcpTwReuse: readSysctl('tcp_tw_reuse')?.[0] ?? null,
    ephemeralPorts: readSysctl('ip_local_port_range'),
  }
}

function readSysctl(name: string): number[] | null {
  const text = readLinuxFile(`/proc/sys/net/ipv4/${name}`)
  return text === null ? null : text.trim().split(BLANKS).map(Number)
}
