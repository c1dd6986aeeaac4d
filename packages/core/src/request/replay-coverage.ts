import type { ResolvedPolicy } from '../policies/resolve-policy.ts'

/** Methods that ask for no change of anything (RFC 9110 §9.2.1, RFC 10008). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])

/** Methods of which a second request changes nothing more than the first one (RFC 9110 §9.2.2). */
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set([...SAFE_METHODS, 'PUT', 'DELETE'])

/** The facts that decide whether a request does harm by arriving twice. */
export interface Repeatability {
  /** The HTTP method, in capital letters. */
  readonly method: string
  /** Whether the request has an `Idempotency-Key`; read only where the method does not decide. */
  readonly hasIdempotencyKey: boolean
}

/** Whether a request does no harm by arriving twice. */
export const isIdempotent = (request: Repeatability): boolean =>
  IDEMPOTENT_METHODS.has(request.method) || request.hasIdempotencyKey

/** Whether the policy lets a request be sent again that may have arrived. */
export const isCovered = (request: Repeatability, replay: ResolvedPolicy['replay']): boolean => {
  if (replay === 'never') return false
  const methods = replay === 'safe' ? SAFE_METHODS : IDEMPOTENT_METHODS
  return methods.has(request.method) || request.hasIdempotencyKey
}
