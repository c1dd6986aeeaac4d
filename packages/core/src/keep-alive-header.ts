/** What a server announces in its `Keep-Alive` header. */
export interface KeepAliveHint {
  /** How long it keeps an idle connection, in milliseconds. */
  readonly timeoutMs: number | undefined
  /** How many further requests it takes on this connection. */
  readonly maxRequests: number | undefined
}

/** What stands between separators; within quotes these separate nothing (RFC 9110 §5.6.4). */
const MEMBER = /(?:"(?:[^"\\]|\\.?)*(?:"|$)|[^",;])+/gsu

/** Some servers write a fraction, or the unit; like Node's agents and undici, we read up to it. */
const PARAMETER =
  /^\s*(?<name>timeout|max)\s*=\s*(?<quote>"?)\s*(?<digits>\d+)(?:\.\d+)?s?\s*\k<quote>\s*$/iu

const MS_PER_SECOND = 1000

/** The smaller one, because whoever honours it is right under both. */
const smaller = (known: number | undefined, value: number): number =>
  known === undefined ? value : Math.min(known, value)

/**
 * Reads a `Keep-Alive` header: parameters in any order and case, quoted or not, of one line or
 * several. What is no number, and any other parameter, is passed over; a fraction is cut off, and the
 * unit `s` may follow. Of a parameter that comes twice, the smaller value counts. The header's seconds
 * end here: everything else is in milliseconds.
 *
 * Source: RFC 2068 §19.7.1.1, draft-thomson-hybi-http-timeout-03 §2.
 */
export const parseKeepAliveHeader = (header: string | readonly string[]): KeepAliveHint => {
  let timeoutMs: number | undefined
  let maxRequests: number | undefined
  for (const line of typeof header === 'string' ? [header] : header) {
    for (const [member] of line.matchAll(MEMBER)) {
      const { name, digits } = PARAMETER.exec(member)?.groups ?? {}
      const value = Number(digits)
      if (name === undefined) continue
      if (name.toLowerCase() === 'timeout') {
        timeoutMs = smaller(timeoutMs, value * MS_PER_SECOND)
      } else {
        maxRequests = smaller(maxRequests, value)
      }
    }
  }
  return { timeoutMs, maxRequests }
}
