import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import type { DialWishes, LookupFor } from '../../driver/addresses/named-dial.ts'
import type { DrivenAgent } from '../internals/driven-agent.ts'

/** What a socket is made with, as far as it matters for where it leads. */
interface SocketPlace extends DialWishes {
  readonly host?: string | null | undefined
  readonly path?: unknown
  readonly socket?: unknown
  readonly fd?: unknown
  readonly handle?: unknown
}

/** Whether the agent dials as Node's own, and not by a method of its caller's or through a proxy. */
const dialsAsNode = (agent: DrivenAgent): boolean => {
  const { createConnection } = agent
  return (
    (createConnection === http.Agent.prototype.createConnection ||
      createConnection === https.Agent.prototype.createConnection) &&
    !agent.options['proxyEnv']
  )
}

/** Whether the socket looks a name up, and by a function if that is the caller's. */
const looksUp = ({ fd, handle, host, lookup, path, socket }: SocketPlace): boolean =>
  !(path || socket || fd || handle) &&
  isIP(host ?? '') === 0 &&
  (lookup === undefined || lookup === null || typeof lookup === 'function')

/**
 * The options with a `lookup` that answers as the pool decides. They stay as they are where the caller
 * has the say in how connections are made, and where there is no name.
 */
export const withLookup = (
  agent: DrivenAgent,
  options: http.ClientRequestArgs,
  lookupFor: LookupFor | undefined,
): http.ClientRequestArgs => {
  const place = options as SocketPlace
  if (lookupFor === undefined || !dialsAsNode(agent) || !looksUp(place)) return options
  const { autoSelectFamily, autoSelectFamilyAttemptTimeout, blockList } = place
  const { localAddress, localPort, lookup } = place
  options.lookup = lookupFor({
    lookup: lookup ?? undefined,
    localAddress,
    localPort,
    autoSelectFamily,
    autoSelectFamilyAttemptTimeout,
    blockList,
  })
  return options
}
