import { readFileSync } from 'node:fs'

const TIME_WAIT = '06'

interface Row {
  readonly local: string
  readonly remote: string
  /** In ticks of the kernel. */
  readonly remaining: number
}

const readTimeWaits = (): Row[] =>
  readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, , , state]) => state === TIME_WAIT)
    .map(([, local = '', remote = '', , , timer = '']) => {
      const [, ticks = ''] = timer.split(':')
      return { local, remote, remaining: Number.parseInt(ticks, 16) }
    })

const keyOf = ({ local, remote }: Row): string => `${local} ${remote}`

/**
 * Counts the TIME_WAITs that the clients of a port hold, and its server, from now on; Linux only. An
 * earlier server may have had the same port, and where many tests run, the kernel lends one that it has
 * left to a new connection: that begins anew.
 */
export const watchTimeWaits = (port: number): (() => { client: number; server: number }) => {
  const before = new Map(readTimeWaits().map((row) => [keyOf(row), row.remaining]))
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return () => {
    const rows = readTimeWaits().filter((row) => row.remaining > (before.get(keyOf(row)) ?? 0))
    return {
      client: rows.filter(({ remote }) => remote.endsWith(suffix)).length,
      server: rows.filter(({ local }) => local.endsWith(suffix)).length,
    }
  }
}
