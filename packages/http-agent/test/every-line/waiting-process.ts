/* A process that has nothing to do but to wait for its requests. */
import process from 'node:process'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'

const [, , port] = process.argv
const agent = new HttpAgent({ maxSockets: 1, policy: { maxRequestsPerConnection: 1 } })
const exchanges = [1, 2, 3].map(() => exchange({ agent, port }))
for (const { body } of await Promise.all(exchanges)) process.stdout.write(body)
