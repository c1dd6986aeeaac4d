import os from 'node:os'
import process from 'node:process'
import { readLinuxFile } from './read-linux-file.ts'

const BLANKS = /\s+/gu

/** Sysctls below `net.` that connections depend on. */
const SYSCTLS = [
  'ipv4.tcp_tw_reuse',
  'ipv4.tcp_fin_timeout',
  'ipv4.tcp_keepalive_time',
  'ipv4.tcp_keepalive_intvl',
  'ipv4.tcp_keepalive_probes',
  'ipv4.ip_local_port_range',
  'core.somaxconn',
] as const

/** Description of the machine; values that cannot be read are null. */
export interface Machine {
  readonly cpuModel: string
  readonly cores: number
  readonly memoryBytes: number
  /** Governor of the first CPU's clock rate. */
  readonly governor: string | null
  /** Name and release of the kernel. */
  readonly kernel: string
  readonly nodeVersion: string
  /** Load over 1, 5 and 15 minutes, before the run. */
  readonly loadAverage: readonly number[]
  /** Sysctls by their full names, such as `net.ipv4.tcp_tw_reuse`. */
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

/** Value of a sysctl in this network namespace; null where it cannot be read. */
export function readSysctl(name: string): string | null {
  return firstLineOf(`/proc/sys/${name.replaceAll('.', '/')}`)
}

function firstLineOf(path: string): string | null {
  return readLinuxFile(path)?.trim().replaceAll(BLANKS, ' ') ?? null
}
