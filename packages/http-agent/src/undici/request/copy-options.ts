import type { Dispatcher } from 'undici'
import { isIterable } from './header-of.ts'

type Options = Dispatcher.DispatchOptions
type Headers = NonNullable<Options['headers']>

const copyHeaders = (headers: Headers): Headers => {
  if (Array.isArray(headers)) return headers.slice()
  if (isIterable(headers)) return new Set(headers as Iterable<[string, string]>)
  return { ...headers }
}

/**
 * Copies the options of a request when it is dispatched: it may wait, or be sent again, and its
 * caller may use the object for another request meanwhile. Headers that can be read only once can
 * be read again in the copy.
 */
export const copyOptions = (options: Options): Options => {
  const { headers } = options
  // undici refuses a value that is no object.
  if (typeof headers !== 'object' || headers === null) return { ...options }
  return { ...options, headers: copyHeaders(headers) }
}
