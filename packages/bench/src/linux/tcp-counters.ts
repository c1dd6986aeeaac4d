import { readLinuxFile } from './read-linux-file.ts'

/** Counters of TCP, by our names and the kernel's. */
const NAMES = {
  activeOpens: 'ActiveOpens',
  passiveOpens: 'PassiveOpens',
  attemptFails: 'AttemptFails',
  establishedResets: 'EstabResets',
  resetsSent: 'OutRsts',
  segmentsRetransmitted: 'RetransSegs',
} as const

/** Counters of the machine, or of the network namespace. */
export type TcpCounters = Readonly<Record<keyof typeof NAMES, number>>

const KEYS = Object.keys(NAMES) as (keyof typeof NAMES)[]

/**
 * Counters since the machine, or the network namespace, exists; null where the kernel cannot be
 * asked.
 */
export function readTcpCounters(): TcpCounters | null {
  const text = readLinuxFile('/proc/net/snmp')
  return text === null ? null : parseTcpCounters(text)
}

/** Reads /proc/net/snmp, where a line of names precedes a line of numbers. */
export function parseTcpCounters(snmp: string): TcpCounters | null {
  const [names, values] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '))
  const entries = KEYS.map((key): [string, number] => {
    const value = values?.[names?.indexOf(NAMES[key]) ?? -1]
    return [key, value === undefined ? Number.NaN : Number(value)]
  })
  if (entries.some(([, value]) => Number.isNaN(value))) return null
  return Object.fromEntries(entries) as TcpCounters
}

/** Difference of two readings; null if either is. */
export function countedBetween(
  before: TcpCounters | null,
  after: TcpCounters | null,
): TcpCounters | null {
  if (before === null || after === null) return null
  const entries = KEYS.map((key) => [key, after[key] - before[key]])
  return Object.fromEntries(entries) as TcpCounters
}
