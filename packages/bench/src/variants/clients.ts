import http from 'node:http'
import { AgentCaller } from '../callers/agent-caller.ts'
import type { Caller, RequestPlan } from '../callers/caller.ts'
import { DispatchCaller } from '../callers/dispatch-caller.ts'
import type { OptionValue } from './variant.ts'

/** Options of an agent or a dispatcher, as its constructor takes them. */
export type ClientOptions = Readonly<Record<string, OptionValue>>

/** A client that can be measured. */
export interface Client {
  readonly description: string
  /** Libraries load only where they are needed. */
  readonly createCaller: (plan: RequestPlan, options: ClientOptions) => Promise<Caller>
}

/** Longer than the pause between two slices of a variant, which must not cost it connections. */
const IDLE_TIMEOUT_MS = 55_000

const capsOf = ({ concurrency }: RequestPlan): http.AgentOptions => ({
  maxSockets: concurrency,
  maxFreeSockets: concurrency,
})

/** Every built-in client by its name. */
export const CLIENTS: ReadonlyMap<string, Client> = new Map<string, Client>([
  [
    'short',
    {
      description: "Node's agent with keepAlive off: a connection per request",
      // Without maxSockets: a finite one makes Node send `Connection: keep-alive` and pass sockets on.
      createCaller: async (plan, options) =>
        new AgentCaller(new http.Agent({ keepAlive: false, ...options }), plan),
    },
  ],
  [
    'node',
    {
      description: "Node's agent with keepAlive on",
      createCaller: async (plan, options) =>
        new AgentCaller(new http.Agent({ keepAlive: true, ...capsOf(plan), ...options }), plan),
    },
  ],
  [
    'agentkeepalive',
    {
      description: 'HttpAgent of agentkeepalive',
      createCaller: async (plan, options) => {
        const { HttpAgent } = (await import('agentkeepalive')).default
        const agent = new HttpAgent({
          ...capsOf(plan),
          freeSocketTimeout: IDLE_TIMEOUT_MS,
          ...options,
        })
        return new AgentCaller(agent, plan)
      },
    },
  ],
  [
    'holdfast',
    {
      description: 'HttpAgent of @holdfast/http-agent with its default policy',
      createCaller: async (plan, options) => {
        const { HttpAgent } = await import('@holdfast/http-agent')
        return new AgentCaller(new HttpAgent({ ...capsOf(plan), policy: options }), plan)
      },
    },
  ],
  [
    'undici7',
    {
      description: 'Agent of undici 7, by dispatch',
      createCaller: async (plan, options) => {
        const { Agent } = await import('undici')
        const agent = new Agent({ ...dispatcherCapsOf(plan), ...options })
        return new DispatchCaller(agent, plan)
      },
    },
  ],
  [
    'undici8',
    {
      description: 'Agent of undici 8, by dispatch',
      createCaller: async (plan, options) => {
        const { Agent } = await import('undici8')
        const agent = new Agent({ ...dispatcherCapsOf(plan), ...options })
        return new DispatchCaller(agent, plan)
      },
    },
  ],
])

const dispatcherCapsOf = ({ concurrency }: RequestPlan): Readonly<Record<string, number>> => ({
  connections: concurrency,
  keepAliveTimeout: IDLE_TIMEOUT_MS,
})

/** Creates the caller of a built-in client. */
export async function createCaller(
  variant: { readonly client: string; readonly options: ClientOptions },
  plan: RequestPlan,
): Promise<Caller> {
  const client = CLIENTS.get(variant.client)
  if (client === undefined) throw new Error(`no client ${variant.client}`)
  return await client.createCaller(plan, variant.options)
}
