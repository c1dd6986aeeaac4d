import { readLinuxFile } from './read-linux-file.ts'

/** Fixed in Linux, whatever the sysctls say. */
const TIME_WAIT_MS = 60_000

/** The kernel prints timers in hundredths of a second. */
const TICK_MS = 10

const TIME_WAIT_STATE = '06'

const BLANKS = /\s+/u

/** Connections in TIME_WAIT, by the side that closed first and so holds them. */
export interface TimeWaits {
  readonly client: number
  readonly upstream: number
}

/** Connections that this machine, or network namespace, has ever dialled; null if not known. */
export function readActiveOpens(): number | null {
  const text = readLinuxFile('/proc/net/snmp')
  return text === null ? null : parseActiveOpens(text)
}

/** Finds `ActiveOpens` in /proc/net/snmp, where a line of names comes before a line of numbers. */
export function parseActiveOpens(snmp: string): number | null {
  const [names, values] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '))
  const value = values?.[names?.indexOf('ActiveOpens') ?? -1]
  return value === undefined ? null : Number(value)
}

/**
 * What entered TIME_WAIT at most `ageMs` ago at the given upstream port; null if not known.
 * The whole table is read, which costs milliseconds: only between slices.
 */
export function readTimeWaits(upstreamPort: number, ageMs: number): TimeWaits | null {
  const text = readLinuxFile('/proc/net/tcp')
  return text === null ? null : parseTimeWaits(text, upstreamPort, ageMs)
}

/**
 * Counts the rows of /proc/net/tcp. The age of a TIME_WAIT is what its timer has used up, so
 * that earlier slices are told apart without a look at the table before this one. A port that is
 * dialled again while it is in TIME_WAIT counts once. All roles speak IPv4, so tcp6 has none of it.
 */
export function parseTimeWaits(table: string, upstreamPort: number, ageMs: number): TimeWaits {
  const port = `:${upstreamPort.toString(16).toUpperCase().padStart(4, '0')}`
  let client = 0
  let upstream = 0
  for (const line of table.split('\n')) {
    if (!line.includes(port)) continue
    const [, local, remote, state, , timer] = line.trim().split(BLANKS)
    if (state !== TIME_WAIT_STATE || timer === undefined) continue
    const remainingMs = Number.parseInt(timer.slice(timer.indexOf(':') + 1), 16) * TICK_MS
    if (TIME_WAIT_MS - remainingMs > ageMs) continue
    if (local?.endsWith(port)) upstream += 1
    else if (remote?.endsWith(port)) client += 1
  }
  return { client, upstream }
}
