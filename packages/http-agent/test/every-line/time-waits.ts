import { readFileSync } from 'node:fs'

const TIME_WAIT = '06'

interface Row {
  readonly local: string
  readonly remote: string
}

const readTimeWaits = (): Row[] =>
  readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, , , state]) => state === TIME_WAIT)
    .map(([, local = '', remote = '']) => ({ local, remote }))

const keyOf = ({ local, remote }: Row): string => `${local} ${remote}`

/**
 * Counts the TIME_WAITs that the clients of a port hold, and its server, from now on; Linux only. An
 * earlier server may have had the same port.
 */
export const watchTimeWaits = (port: number): (() => { client: number; server: number }) => {
  const before = new Set(readTimeWaits().map(keyOf))
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return () => {
    const rows = readTimeWaits().filter((row) => !before.has(keyOf(row)))
    return {
      client: rows.filter(({ remote }) => remote.endsWith(suffix)).length,
      server: rows.filter(({ local }) => local.endsWith(suffix)).length,
    }
  }
}
