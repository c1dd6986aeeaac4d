/* A process that has nothing to do but to wait for a request that may not wait for long. */
import process from 'node:process'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'

const [, , port, maxSockets, acquireTimeoutMs] = process.argv.map(Number)
const agent = new HttpAgent({ policy: { acquireTimeoutMs: acquireTimeoutMs as number } })
agent.maxSockets = maxSockets as number
const outcome = await exchange({ agent, port: port as number }).then(
  ({ body }) => body,
  ({ code }) => code,
)
const timers = process.getActiveResourcesInfo().filter((type) => type === 'Timeout')
process.stdout.write(`${outcome}, ${timers.length} timers that keep it alive`)
