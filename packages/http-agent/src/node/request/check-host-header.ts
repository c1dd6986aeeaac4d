import { inspect } from 'node:util'
import type { AgentRequest } from '../internals/agent-request.ts'

/**
 * Refuses a `Host` header that is no string, as Node's agents do: it names the server of a
 * connection.
 *
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`).
 */
export const checkHostHeader = (request: AgentRequest): void => {
  const host: unknown = request.getHeader('host')
  if (!host || typeof host === 'string') return
  const message = `The "options.headers.host" property must be of type string. Received ${inspect(host)}`
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
}
