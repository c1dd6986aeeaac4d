import type { PolicyOptions } from '@holdfast/core'
import { AgentDriver } from './agent-driver.ts'
import type { DrivenAgent } from './driven-agent.ts'

const DRIVER: unique symbol = Symbol('holdfast.driver')
const POLICY: unique symbol = Symbol('holdfast.policy')

interface Carrier {
  [DRIVER]?: AgentDriver
  [POLICY]?: PolicyOptions | undefined
}

/** Gives an agent its driver. */
export const attachDriver = (agent: DrivenAgent, policy: PolicyOptions | undefined): void => {
  const driver = new AgentDriver(agent, policy)
  Object.defineProperty(agent, DRIVER, { value: driver })
  ;(agent as Carrier)[POLICY] = policy
}

/**
 * The driver of an agent. Symbols are found where private fields are not: behind a Proxy, and on an
 * object that inherits from the agent. A deep copy of an agent, as libraries make of an options object,
 * has the policy only, and gets a driver of its own.
 */
export const driverOf = (agent: DrivenAgent): AgentDriver => {
  const carrier = agent as Carrier
  if (carrier[DRIVER] === undefined) attachDriver(agent, carrier[POLICY])
  return carrier[DRIVER] as AgentDriver
}
