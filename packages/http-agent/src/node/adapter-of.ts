import type { PolicyOptions } from '@holdfast/core'
import { AgentAdapter } from './agent-adapter.ts'
import type { DrivenAgent } from './internals/driven-agent.ts'

const ADAPTER: unique symbol = Symbol('holdfast.adapter')
const POLICY: unique symbol = Symbol('holdfast.policy')

interface Carrier {
  [ADAPTER]?: AgentAdapter
  [POLICY]?: PolicyOptions | undefined
}

/** Gives an agent its adapter. */
export const attachAdapter = (agent: DrivenAgent, policy: PolicyOptions | undefined): void => {
  const adapter = new AgentAdapter(agent, policy)
  Object.defineProperty(agent, ADAPTER, { value: adapter })
  ;(agent as Carrier)[POLICY] = policy
}

/**
 * The adapter of an agent. Symbols are found where private fields are not: behind a Proxy, and on an
 * object that inherits from the agent. A deep copy of an agent, as libraries make of an options object,
 * has the policy only, and gets an adapter of its own.
 */
export const adapterOf = (agent: DrivenAgent): AgentAdapter => {
  const carrier = agent as Carrier
  if (carrier[ADAPTER] === undefined) attachAdapter(agent, carrier[POLICY])
  return carrier[ADAPTER] as AgentAdapter
}
