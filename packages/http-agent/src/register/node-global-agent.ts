import type http from 'node:http'
import type { Duplex } from 'node:stream'

/** The fields of Node's agents that its types lack. */
interface NodeAgent<Options = unknown> {
  readonly options?: Options & { readonly proxyEnv?: unknown }
  keepSocketAlive: (socket: Duplex) => boolean
}

const asNode = <Options>(agent: http.Agent): NodeAgent<Options> =>
  agent as unknown as NodeAgent<Options>

const KEPT = [
  'keepAlive',
  'maxSockets',
  'maxTotalSockets',
  'scheduling',
  'timeout',
  'proxyEnv',
] as const

/**
 * Picks the options of a global agent that still apply. Another library may have put its own agent
 * there, with options of its own.
 */
export const optionsOf = <Options extends http.AgentOptions>(agent: http.Agent): Options => {
  const options = asNode<Readonly<Record<string, unknown>>>(agent).options ?? {}
  const kept = KEPT.filter((name) => options[name] !== undefined)
  return Object.fromEntries(kept.map((name) => [name, options[name]])) as unknown as Options
}

/** Whether Node was told to take its proxies from the environment (`NODE_USE_ENV_PROXY`). */
export const usesProxies = (agent: http.Agent): boolean =>
  asNode(agent).options?.proxyEnv !== undefined

/**
 * Applies the agent's time-out to requests only. The 5 s of Node's global agents would end idle
 * connections too, long before `idleTimeoutMs` does.
 */
export const idleByPolicyAlone = <Agent extends http.Agent>(agent: Agent): Agent => {
  const node = asNode(agent)
  const keepSocketAlive = node.keepSocketAlive.bind(agent)
  node.keepSocketAlive = (socket): boolean => {
    const isKept = keepSocketAlive(socket)
    ;(socket as Duplex & { readonly setTimeout?: (ms: number) => void }).setTimeout?.(0)
    return isKept
  }
  return agent
}
