/** The limits that a server announces in its `Keep-Alive` header. */
export interface KeepAliveHint {
  /**
   * The time that it keeps an idle connection, in milliseconds; `undefined` where it does not say.
   */
  readonly timeoutMs: number | undefined
  /**
   * Number of further requests that it takes on this connection; `undefined` where it does not say.
   */
  readonly maxRequests: number | undefined
}

/** The most characters of a line that are read. */
const MAX_LENGTH = 1024

const MS_PER_SECOND = 1000

/** Some servers write a fraction, or the unit; like Node's agents and undici, we read up to it. */
const SECONDS = /^(?<digits>\d+)(?:\.\d+)?s?$/iu

/** Picks the smaller value, which keeps within both. */
const smaller = (known: number | undefined, value: number): number =>
  known === undefined ? value : Math.min(known, value)

/** Splits a line at its separators, except within quotes (RFC 9110 §5.6.4). */
function* membersOf(line: string): Generator<string, void> {
  const end = Math.min(line.length, MAX_LENGTH)
  let start = 0
  let isQuoted = false
  for (let index = 0; index < end; index++) {
    const character = line[index]
    if (character === '"') isQuoted = !isQuoted
    else if (isQuoted && character === '\\') index++
    else if (!isQuoted && (character === ',' || character === ';')) {
      yield line.slice(start, index)
      start = index + 1
    }
  }
  // A member that the limit cuts off may mean something else as a whole.
  if (end === line.length) yield line.slice(start)
}

const unquote = (value: string): string =>
  value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).trim()
    : value

const numberOf = (value: string): number | undefined => {
  const digits = SECONDS.exec(unquote(value))?.groups?.['digits']
  return digits === undefined ? undefined : Number(digits)
}

const parameterOf = (member: string): readonly [name: string, value: number | undefined] => {
  const equals = member.indexOf('=')
  const name = member.slice(0, Math.max(0, equals)).trim().toLowerCase()
  return [name, numberOf(member.slice(equals + 1).trim())]
}

/**
 * Reads a `Keep-Alive` header: parameters in any order and case, quoted or not, of one line or
 * several. A value that is no number, and any other parameter, is ignored; a fraction is cut off,
 * and the unit `s` may follow. Of a parameter that comes twice, the smaller value counts. Seconds
 * become milliseconds here.
 *
 * Of each line the first 1,024 characters are read, in time linear in their number. A parameter
 * that does not end within them is ignored, and so is all that follows.
 *
 * Source: RFC 2068 §19.7.1.1, draft-thomson-hybi-http-timeout-03 §2.
 */
export const parseKeepAliveHeader = (header: string | readonly string[]): KeepAliveHint => {
  let timeoutMs: number | undefined
  let maxRequests: number | undefined
  for (const line of typeof header === 'string' ? [header] : header) {
    for (const member of membersOf(line)) {
      const [name, value] = parameterOf(member)
      if (value === undefined) continue
      if (name === 'timeout') timeoutMs = smaller(timeoutMs, value * MS_PER_SECOND)
      else if (name === 'max') maxRequests = smaller(maxRequests, value)
    }
  }
  return { timeoutMs, maxRequests }
}
