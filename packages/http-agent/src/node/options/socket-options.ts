import type http from 'node:http'
import net from 'node:net'
import type { KeepAliveSettings } from '../../driver/liveness/tcp-keep-alive.ts'
import { identityBeyondName } from '../identity/connection-identity.ts'
import type { AgentRequest } from '../internals/agent-request.ts'
import { setSessionKey } from '../internals/session-key.ts'
import type { RequestOptions } from './request-options.ts'

/** The part of an agent that its sockets' options come from. */
interface OptionsSource {
  readonly protocol: string
  readonly keepAlive: boolean
  readonly options: RequestOptions
  readonly getName: (options?: http.ClientRequestArgs) => string
}

/** Options that are added on the way to `createConnection`. */
type SocketOptions = {
  -readonly [Name in keyof RequestOptions]: RequestOptions[Name]
} & {
  path?: string
  servername?: string | undefined
  encoding?: null
  keepAlive?: boolean
  keepAliveInitialDelay?: number
}

/** The name that TLS asks for: the `Host` header's, or the host's, unless that is an address. */
const serverNameOf = (
  request: AgentRequest | undefined,
  { host }: RequestOptions,
): string | undefined => {
  const hostHeader = request?.getHeader('host')
  const name = hostHeader ? hostNameOf(hostHeader as string) : host
  return name === undefined || net.isIP(name) === 0 ? name : ''
}

/** `abc:123` → `abc`, `[::1]:123` → `::1`. */
const hostNameOf = (hostHeader: string): string => {
  const bracket = hostHeader.startsWith('[') ? hostHeader.indexOf(']') : -1
  if (bracket !== -1) return hostHeader.slice(1, bracket)
  return hostHeader.startsWith('[') ? hostHeader : (hostHeader.split(':', 1)[0] as string)
}

/**
 * Without a prototype that a polluted one could show through, as Node's. Made from a spread, because
 * an object that begins without one is a hash table, of several times the size, for good.
 */
const withoutPrototype = (options: RequestOptions): SocketOptions =>
  Object.setPrototypeOf(options, null)

/** The request's options, overridden by the agent's, as Node's agent merges them. */
export const mergeOptions = (
  request: AgentRequest | undefined,
  options: RequestOptions,
  agentOptions: RequestOptions,
): RequestOptions => {
  const merged = withoutPrototype({ ...options, ...agentOptions })
  if (merged.socketPath) merged.path = merged.socketPath
  if (!merged.servername && merged.servername !== '') {
    merged.servername = serverNameOf(request, merged)
  }
  return merged
}

/** The argument of `createConnection`: the merged options, completed as by Node's agent. */
export const socketOptionsOf = (
  agent: OptionsSource,
  request: AgentRequest | undefined,
  merged: RequestOptions,
  tcpKeepAlive: KeepAliveSettings | undefined,
): http.ClientRequestArgs => {
  const options = withoutPrototype({ ...merged })
  const timeoutMs = request?.timeout || agent.options.timeout
  if (timeoutMs) options.timeout = timeoutMs
  // The name under which `https.Agent` keeps TLS sessions. A session is not verified again, so that it
  // must not pass from one identity to another; how its connection was dialled does not matter.
  const name = agent.getName(options as http.ClientRequestArgs)
  setSessionKey(options, name + identityBeyondName(options, agent.protocol === 'https:', false))
  options.encoding = null
  // By `keepAlive` an agent means HTTP keep-alive, and a socket TCP keepalive.
  if (tcpKeepAlive !== undefined) {
    options.keepAlive = true
    options.keepAliveInitialDelay = tcpKeepAlive.delayMs
  } else if (agent.keepAlive) {
    options.keepAlive = false
  }
  return options as http.ClientRequestArgs
}
