import { Buffer } from 'node:buffer'

const valueIn = (
  pairs: Iterable<readonly [unknown, unknown]>,
  wanted: string,
): string | undefined => {
  for (const [name, value] of pairs) {
    // Headers that come from a socket are bytes.
    if (!(typeof name === 'string' || Buffer.isBuffer(name)) || name.length !== wanted.length) {
      continue
    }
    // undici leaves out undefined, and takes null as empty.
    if (value === undefined || String(name).toLowerCase() !== wanted) continue
    return value === null ? '' : String(value)
  }
  return undefined
}

function* pairsOf(flat: readonly unknown[]): Generator<readonly [unknown, unknown]> {
  for (let index = 0; index < flat.length; index += 2) yield [flat[index], flat[index + 1]]
}

/** Whether headers are pairs. An iterator on `Object.prototype` does not count. */
export const isIterable = (headers: object): headers is Iterable<[unknown, unknown]> =>
  Symbol.iterator in headers &&
  (Object.getPrototypeOf(headers) !== Object.prototype || Object.hasOwn(headers, Symbol.iterator))

/**
 * Finds the value of a header of a request, in any form that undici takes.
 *
 * @param wanted The name, in small letters.
 */
export const headerOf = (headers: unknown, wanted: string): string | undefined => {
  if (typeof headers !== 'object' || headers === null) return undefined
  if (Array.isArray(headers)) return valueIn(pairsOf(headers), wanted)
  if (isIterable(headers)) return valueIn(headers, wanted)
  return valueIn(Object.entries(headers), wanted)
}
