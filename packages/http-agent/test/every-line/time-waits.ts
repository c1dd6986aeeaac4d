import { readFileSync } from 'node:fs'

const TIME_WAIT = '06'

/** TIME_WAITs by both their ends, and how many ticks of the kernel's clock are left of each. */
type TimeWaits = ReadonlyMap<string, number>

const readOnce = (suffix: string): TimeWaits =>
  new Map(
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      // The table may be full of what other processes have left behind.
      .filter((line) => line.includes(`${suffix} `))
      .map((line) => line.trim().split(/\s+/u))
      .filter(([, , , state]) => state === TIME_WAIT)
      .map(([, local = '', remote = '', , , timer = '']) => {
        const [, ticks = ''] = timer.split(':')
        return [`${local} ${remote}`, Number.parseInt(ticks, 16)]
      }),
  )

const areOfSameEnds = (some: TimeWaits, others: TimeWaits): boolean =>
  some.size === others.size && [...some.keys()].every((ends) => others.has(ends))

/**
 * Those of a port. The kernel hands its table over in pieces, between which others change it, so that a
 * row may be left out: it is read until two readings agree.
 */
const readTimeWaits = (suffix: string): TimeWaits => {
  let [rows, again] = [readOnce(suffix), readOnce(suffix)]
  while (!areOfSameEnds(rows, again)) [rows, again] = [again, readOnce(suffix)]
  return again
}

/**
 * Counts the TIME_WAITs that the clients of a port hold, and its server, from now on; Linux only. An
 * earlier server may have had the same port, and where many tests run, the kernel lends one that it has
 * left to a new connection: that begins anew.
 */
export const watchTimeWaits = (port: number): (() => { client: number; server: number }) => {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const before = readTimeWaits(suffix)
  return () => {
    const ends = [...readTimeWaits(suffix)]
      .filter(([key, remaining]) => remaining > (before.get(key) ?? 0))
      .map(([key]) => key.split(' '))
    return {
      client: ends.filter(([, remote]) => remote?.endsWith(suffix)).length,
      server: ends.filter(([local]) => local?.endsWith(suffix)).length,
    }
  }
}
