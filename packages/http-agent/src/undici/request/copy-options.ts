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
 * What a request is made of, as it stands when it is dispatched: it may have to wait, or be sent again,
 * and its caller may use the object for another one meanwhile. Of headers that can be read only once
 * the copy can be read again.
 */
export const copyOptions = (options: Options): Options => {
  const { headers } = options
  // What is no object at all is for undici to refuse.
  if (typeof headers !== 'object' || headers === null) return { ...options }
  return { ...options, headers: copyHeaders(headers) }
}
