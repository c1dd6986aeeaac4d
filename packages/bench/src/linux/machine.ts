import os from 'node:os'
import process from 'node:process'
import { readLinuxFile } from './read-linux-file.ts'

const BLANKS = /\s+/gu

/** Below `net.`; what a connection's life depends on. */
const SYSCTLS = [
  'ipv4.tcp_tw_reuse',
  'ipv4.tcp_fin_timeout',
  'ipv4.tcp_keepalive_time',
  'ipv4.tcp_keepalive_intvl',
  'ipv4.tcp_keepalive_probes',
  'ipv4.ip_local_port_range',
  'core.somaxconn',
] as const

/** What a reader must know of the machine to judge its figures; null where it cannot be read. */
export interface Machine {
  readonly cpuModel: string
  readonly cores: number
  readonly memoryBytes: number
  /** How the kernel chooses the clock rate of the first CPU. */
  readonly governor: string | null
  /** Name and release of the kernel. */
  readonly kernel: string
  readonly nodeVersion: string
  /** Over 1, 5 and 15 minutes, before the run. */
  readonly loadAverage: readonly number[]
  /** By their full names, such as `net.ipv4.tcp_tw_reuse`. */
  readonly sysctls: Readonly<Record<string, string | null>>
}

export function describeMachine(): Machine {
  const cpus = os.cpus()
  return {
    cpuModel: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryBytes: os.totalmem(),
    governor: firstLineOf('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    kernel: `${os.type()} ${os.release()}`,
    nodeVersion: process.version,
    loadAverage: os.loadavg(),
    sysctls: Object.fromEntries(SYSCTLS.map((name) => [`net.${name}`, readSysctl(`net.${name}`)])),
  }
}

/** The value of a sysctl in this network namespace; null where it cannot be read. */
export function readSysctl(name: string): string | null {
  return firstLineOf(`/proc/sys/${name.replaceAll('.', '/')}`)
}

function firstLineOf(path: string): string | null {
  return readLinuxFile(path)?.trim().replaceAll(BLANKS, ' ') ?? null
}
