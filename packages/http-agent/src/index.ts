export type { PolicyOptions, PoolStats } from '@holdfast/core'
export { HttpAgent, type HttpAgentOptions } from './node/http-agent.ts'
export { HttpsAgent, type HttpsAgentOptions } from './node/https-agent.ts'
