import type { ResolvedPolicy } from '@holdfast/core'

/** Methods that ask for no change of anything (RFC 9110 §9.2.1, RFC 10008). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])

/** Methods of which a second request changes nothing more than the first one (RFC 9110 §9.2.2). */
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set([...SAFE_METHODS, 'PUT', 'DELETE'])

/** Whether a request by this method does no harm by arriving twice. */
export const isIdempotentMethod = (method: string): boolean => IDEMPOTENT_METHODS.has(method)

/** Whether the policy lets a request by this method be sent again that may have arrived. */
export const isMethodReplayed = (replay: ResolvedPolicy['replay'], method: string): boolean => {
  if (replay === 'never') return false
  return (replay === 'safe' ? SAFE_METHODS : IDEMPOTENT_METHODS).has(method)
}
