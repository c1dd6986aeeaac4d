import type { RequestOptions } from '../options/request-options.ts'
import { CONNECTION_OPTIONS, type OptionPart } from './connection-options.ts'
import { isSpeltByString, spellExactly } from './spell-exactly.ts'

const namesOf = (of: 'net' | 'tls', part: OptionPart): readonly string[] =>
  Object.entries(CONNECTION_OPTIONS)
    .filter(([, option]) => option.of === of && option.part === part)
    .map(([name]) => name)

const ADDED = namesOf('net', 'added')
const ADDED_BY_TLS = namesOf('tls', 'added')
const NAMED_BY_TLS = namesOf('tls', 'named')
const OF_DIAL = namesOf('net', 'dial')

/** Begins what is added to Node's name, in which it cannot stand. */
const MARK = '\0'

const textOf = (names: readonly string[], options: RequestOptions): string => {
  let text = ''
  for (const name of names) {
    const value = options[name]
    if (value !== undefined && value !== null) text += `${MARK}${name}=${spellExactly(value)}`
  }
  return text
}

/** Values that Node's name holds in a form that others have, too: `[object Object]` and the like. */
const vagueTextOf = (options: RequestOptions): string => {
  let text = ''
  for (const name of NAMED_BY_TLS) {
    const value = options[name]
    if (!isSpeltByString(value)) text += `${MARK}${name}=${spellExactly(value)}`
  }
  return text
}

/** The names of all options that the identity of a TLS connection depends on. */
export const identityOptionsOfTls = (isDialShared: boolean): readonly string[] => [
  // Agents take the path of a unix socket from an option of its own: `path` is that of the request.
  ...namesOf('net', 'named').map((name) => (name === 'path' ? 'socketPath' : name)),
  ...NAMED_BY_TLS,
  ...ADDED,
  ...ADDED_BY_TLS,
  ...(isDialShared ? OF_DIAL : []),
]

/**
 * The part of a connection's identity that Node's name lacks; empty where that says it all. See
 * {@link CONNECTION_OPTIONS}.
 *
 * @param options The request's, merged with the agent's.
 * @param isSecure Whether the connections speak TLS.
 * @param isDialShared Whether a dial that was begun for one request may serve another one.
 */
export const identityBeyondName = (
  options: RequestOptions,
  isSecure: boolean,
  isDialShared: boolean,
): string => {
  let text = textOf(ADDED, options)
  if (isSecure) text += textOf(ADDED_BY_TLS, options) + vagueTextOf(options)
  if (isDialShared) text += textOf(OF_DIAL, options)
  return text
}
