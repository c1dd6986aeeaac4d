import http from 'node:http'
import https from 'node:https'
import { AgentCaller } from '../callers/agent-caller.ts'
import type { Caller, RequestPlan } from '../callers/caller.ts'
import { DispatchCaller } from '../callers/dispatch-caller.ts'
import { FetchCaller, type FetchLike } from '../callers/fetch-caller.ts'
import { RequestCaller, type UndiciRequest } from '../callers/request-caller.ts'
import type { SpecOptions } from '../specs/spec.ts'
import { CLIENT_OPTIONS, checkClientOptions, holdfastOptionsOf } from './client-options.ts'

/** A client that can be measured. */
export interface Client {
  readonly description: string
  /** Throws a UsageError for options that it does not take. */
  readonly check: (options: SpecOptions) => void
  /** Libraries load only where they are needed. */
  readonly createCaller: (plan: RequestPlan, options: SpecOptions) => Promise<Caller>
}

/** Longer than the pause between two slices of a variant, which must not cost it connections. */
const IDLE_TIMEOUT_MS = 55_000

const isSecure = ({ origins }: RequestPlan): boolean => origins[0]?.startsWith('https:') === true

const agentCapsOf = ({ concurrency }: RequestPlan): http.AgentOptions => ({
  maxSockets: concurrency,
  maxFreeSockets: concurrency,
})

const dispatcherOptionsOf = ({ concurrency }: RequestPlan, options: SpecOptions): SpecOptions => ({
  connections: concurrency,
  keepAliveTimeout: IDLE_TIMEOUT_MS,
  ...options,
})

const checkedBy =
  (name: string, known: readonly string[]) =>
  (options: SpecOptions): void =>
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

type Undici = typeof import('undici')

/** Both versions have the same three ways to make a request. */
function undiciClients(
  name: string,
  version: number,
  load: () => Promise<Undici>,
): [string, Client][] {
  const clientOf = (
    way: string,
    createCaller: (
      undici: Undici,
      agent: InstanceType<Undici['Agent']>,
      plan: RequestPlan,
    ) => Caller,
  ): Client => ({
    description: `the Agent of undici ${version}, by ${way}`,
    check: checkedBy(name, CLIENT_OPTIONS.undici),
    createCaller: async (plan, options) => {
      const undici = await load()
      const agent = new undici.Agent(dispatcherOptionsOf(plan, options))
      return createCaller(undici, agent, plan)
    },
  })
  return [
    [name, clientOf('dispatch', (_undici, agent, plan) => new DispatchCaller(agent, plan))],
    [
      `${name}-request`,
      clientOf(
        'request',
        ({ request }, agent, plan) =>
          new RequestCaller(request as unknown as UndiciRequest, agent, plan),
      ),
    ],
    [
      `${name}-fetch`,
      clientOf(
        'fetch',
        ({ fetch }, agent, plan) => new FetchCaller(fetch as unknown as FetchLike, agent, plan),
      ),
    ],
  ]
}

/** Every built-in client by its name. */
export const CLIENTS: ReadonlyMap<string, Client> = new Map<string, Client>([
  ['short', short],
  ['node', node],
  ['agentkeepalive', agentkeepalive],
  ['holdfast', holdfast],
  ...undiciClients('undici7', 7, () => import('undici')),
  ...undiciClients('undici8', 8, async () => (await import('undici8')) as unknown as Undici),
])
