import http from 'node:http'
import https from 'node:https'
import type { LooseValues } from '../../cli/spec.ts'
import { AgentCaller } from '../callers/agent-caller.ts'
import type { Caller, RequestPlan } from '../callers/caller.ts'
import { ClientStackCaller } from '../callers/client-stack-caller.ts'
import { DispatchCaller } from '../callers/dispatch-caller.ts'
import { exchangeByFetch, type FetchLike } from '../callers/exchange-by-fetch.ts'
import { exchangeByRequest, type UndiciRequest } from '../callers/exchange-by-request.ts'
import { UrlCaller } from '../callers/url-caller.ts'
import { checkNodeVersion, type NodeVersion } from './check-node-version.ts'
import { CLIENT_OPTIONS, checkClientOptions, holdfastOptionsOf } from './client-options.ts'
import { FloorHttpAgent, FloorHttpsAgent } from './floor-agent.ts'

/** Client that can be measured. */
export interface Client {
  readonly description: string
  /** Whether it sends all requests to one origin. */
  readonly isForOneOrigin?: boolean
  /**
   * Checks options.
   *
   * @throws UsageError for options that it does not take
   */
  readonly check: (options: LooseValues) => void
  /** Creates the client; libraries load only where they are needed. */
  readonly createCaller: (plan: RequestPlan, options: LooseValues) => Promise<Caller>
}

/**
 * Idle limit longer than the pause between two slices of a variant, which must not cost
 * connections.
 */
const IDLE_TIMEOUT_MS = 55_000

const isSecure = ({ origins }: RequestPlan): boolean => origins[0]?.startsWith('https:') === true

const agentCapsOf = ({ concurrency }: RequestPlan): http.AgentOptions => ({
  maxSockets: concurrency,
  maxFreeSockets: concurrency,
})

const dispatcherOptionsOf = ({ concurrency }: RequestPlan, options: LooseValues): LooseValues => ({
  connections: concurrency,
  keepAliveTimeout: IDLE_TIMEOUT_MS,
  ...options,
})

const checkedBy =
  (name: string, known: readonly string[]) =>
  (options: LooseValues): void =>
    checkClientOptions(name, options, known)

const short: Client = {
  description: "Node's agent with keepAlive off: a connection per request",
  check: checkedBy('short', CLIENT_OPTIONS.agent),
  // Without maxSockets: a finite one makes Node send `Connection: keep-alive` and pass sockets on.
  createCaller: async (plan, options) => {
    const { Agent } = isSecure(plan) ? https : http
    return await Promise.resolve(new AgentCaller(new Agent({ keepAlive: false, ...options }), plan))
  },
}

const node: Client = {
  description: "Node's agent with keepAlive on",
  check: checkedBy('node', CLIENT_OPTIONS.agent),
  createCaller: async (plan, options) => {
    const { Agent } = isSecure(plan) ? https : http
    const agent = new Agent({ keepAlive: true, ...agentCapsOf(plan), ...options })
    return await Promise.resolve(new AgentCaller(agent, plan))
  },
}

const agentkeepalive: Client = {
  description: 'the agent of agentkeepalive',
  check: checkedBy('agentkeepalive', CLIENT_OPTIONS.agentkeepalive),
  createCaller: async (plan, options) => {
    const { HttpAgent, HttpsAgent } = (await import('agentkeepalive')).default
    const settings = { ...agentCapsOf(plan), freeSocketTimeout: IDLE_TIMEOUT_MS, ...options }
    const agent = isSecure(plan) ? new HttpsAgent(settings) : new HttpAgent(settings)
    return new AgentCaller(agent, plan)
  },
}

const holdfast: Client = {
  description: 'the agent of @holdfast/http-agent; its options are fields of its policy',
  check: (options) => {
    holdfastOptionsOf('holdfast', options)
  },
  createCaller: async (plan, options) => {
    const { HttpAgent, HttpsAgent } = await import('@holdfast/http-agent')
    const { agent: agentOptions, policy } = holdfastOptionsOf('holdfast', options)
    const settings = { ...agentCapsOf(plan), ...agentOptions, policy }
    const agent = isSecure(plan) ? new HttpsAgent(settings) : new HttpAgent(settings)
    return new AgentCaller(agent, plan)
  },
}

const floor: Client = {
  description:
    'pops and pushes a stack of sockets, for one origin, and does nothing else: the least that an agent costs',
  isForOneOrigin: true,
  check: checkedBy('floor', []),
  createCaller: async (plan) => {
    const agent = isSecure(plan) ? new FloorHttpsAgent() : new FloorHttpAgent()
    return await Promise.resolve(new AgentCaller(agent, plan))
  },
}

type Undici = typeof import('undici')
type Dispatcher = InstanceType<Undici['Dispatcher']>

/** One version of undici. */
interface UndiciVersion {
  readonly version: number
  /** Lowest version of Node in its `engines`. */
  readonly minimumNode: NodeVersion
  readonly load: () => Promise<Undici>
}

/** Dispatcher of undici, or one of ours on its clients. */
interface DispatcherKind {
  readonly name: string
  readonly description: string
  readonly isForOneOrigin?: boolean
  readonly check: (options: LooseValues) => void
  readonly create: (undici: Undici, plan: RequestPlan, options: LooseValues) => Promise<Dispatcher>
}

const agentOf = ({ version }: UndiciVersion): DispatcherKind => ({
  name: `undici${version}`,
  description: `the Agent of undici ${version}`,
  check: checkedBy(`undici${version}`, CLIENT_OPTIONS.undici),
  create: async ({ Agent }, plan, options) =>
    await Promise.resolve(new Agent(dispatcherOptionsOf(plan, options))),
})

const poolOf = (
  { version }: UndiciVersion,
  kind: 'Pool' | 'RoundRobinPool',
  suffix: string,
): DispatcherKind => ({
  name: `undici${version}-${suffix}`,
  description: `the ${kind} of undici ${version}, for one origin`,
  isForOneOrigin: true,
  check: checkedBy(`undici${version}-${suffix}`, CLIENT_OPTIONS.undici),
  create: async (undici, plan, options) =>
    await Promise.resolve(
      new undici[kind](plan.origins[0] as string, dispatcherOptionsOf(plan, options)),
    ),
})

const keepAliveOf = ({ version }: UndiciVersion): DispatcherKind => ({
  name: `holdfast${version}`,
  description: `KeepAliveDispatcher of @holdfast/http-agent on undici ${version}; its options are fields of its policy`,
  check: (options) => {
    const name = `holdfast${version}`
    const { agent } = holdfastOptionsOf(name, options)
    checkClientOptions(name, agent, ['the fields of the policy'])
  },
  create: async (undici, { concurrency: connections }, options) => {
    const { KeepAliveDispatcher } = await import('@holdfast/http-agent/undici')
    const { policy } = holdfastOptionsOf(`holdfast${version}`, options)
    return new KeepAliveDispatcher({ undici, connections, policy }) as unknown as Dispatcher
  },
})

const floorOf = ({ version, minimumNode, load }: UndiciVersion): [string, Client] => [
  `floor${version}`,
  {
    description: `pops and pushes a stack of Clients of undici ${version}, a connection each, for one origin: the least that a dispatcher costs`,
    isForOneOrigin: true,
    check: (options) => {
      checkNodeVersion(`undici ${version}`, minimumNode)
      checkClientOptions(`floor${version}`, options, [])
    },
    createCaller: async (plan) => {
      const { Client: UndiciClient } = await load()
      const settings = { pipelining: 1, keepAliveTimeout: IDLE_TIMEOUT_MS }
      return new ClientStackCaller((origin) => new UndiciClient(origin, settings), plan)
    },
  },
]

/** Clients of a dispatcher, one for each way to make a request. */
const waysThrough = (
  { version, minimumNode, load }: UndiciVersion,
  { name, description, isForOneOrigin = false, check, create }: DispatcherKind,
): [string, Client][] => {
  const clientOf = (
    way: string,
    callerOf: (undici: Undici, dispatcher: Dispatcher, plan: RequestPlan) => Caller,
  ): Client => ({
    description: `${description}, by ${way}`,
    isForOneOrigin,
    check: (options) => {
      checkNodeVersion(`undici ${version}`, minimumNode)
      check(options)
    },
    createCaller: async (plan, options) => {
      const undici = await load()
      return callerOf(undici, await create(undici, plan, options), plan)
    },
  })
  return [
    [
      name,
      clientOf('dispatch', (_undici, dispatcher, plan) => new DispatchCaller(dispatcher, plan)),
    ],
    [
      `${name}-request`,
      clientOf(
        'request',
        ({ request }, dispatcher, plan) =>
          new UrlCaller(exchangeByRequest(request as unknown as UndiciRequest), dispatcher, plan),
      ),
    ],
    [
      `${name}-fetch`,
      clientOf(
        'fetch',
        ({ fetch }, dispatcher, plan) =>
          new UrlCaller(exchangeByFetch(fetch as unknown as FetchLike), dispatcher, plan),
      ),
    ],
  ]
}

const clientsOf = (undici: UndiciVersion): [string, Client][] => [
  ...waysThrough(undici, agentOf(undici)),
  ...waysThrough(undici, poolOf(undici, 'Pool', 'pool')),
  ...waysThrough(undici, poolOf(undici, 'RoundRobinPool', 'round-robin')),
  ...waysThrough(undici, keepAliveOf(undici)),
  floorOf(undici),
]

/** Built-in clients by their names. */
export const CLIENTS: ReadonlyMap<string, Client> = new Map<string, Client>([
  ['short', short],
  ['node', node],
  ['agentkeepalive', agentkeepalive],
  ['holdfast', holdfast],
  ['floor', floor],
  ...clientsOf({ version: 7, minimumNode: [20, 18], load: () => import('undici') }),
  ...clientsOf({
    version: 8,
    minimumNode: [22, 19],
    load: async () => (await import('undici8')) as unknown as Undici,
  }),
])
