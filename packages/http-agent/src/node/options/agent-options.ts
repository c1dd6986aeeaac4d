import type http from 'node:http'
import type { PolicyOptions } from '@holdfast/core'
import { checkAgentOptions } from './check-agent-options.ts'

/** Options of both agents besides Node's own. */
export interface AgentOptions {
  /** The rules by which connections are kept, checked, replaced and waited for. */
  readonly policy?: PolicyOptions
}

/**
 * What Node's agent is to see of the options: its own, with `keepAlive` on unless it is set.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`); see {@link checkAgentOptions}.
 */
export const nodeOptionsOf = <Options extends http.AgentOptions & AgentOptions>(
  options: Options | undefined,
): Omit<Options, 'policy'> => {
  checkAgentOptions(options)
  const { policy, ...nodeOptions } = { keepAlive: true, ...options } as Options
  return nodeOptions
}
