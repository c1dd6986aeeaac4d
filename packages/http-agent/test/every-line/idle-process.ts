/* A process that makes requests, and then has nothing left to do but to keep its idle sockets. */
import process from 'node:process'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'
import { TEST_IDENTITY } from './loopback.ts'
import { turnUntil } from './turn.ts'

const [, , protocol, port] = process.argv
const agent =
  protocol === 'https'
    ? new HttpsAgent({ ca: TEST_IDENTITY.cert, timeout: 60_000 })
    : new HttpAgent({ timeout: 60_000 })
const exchanges = [exchange({ agent, port }), exchange({ agent, port })]
for (const { body } of await Promise.all(exchanges)) process.stdout.write(body)
// One that nobody has ever used.
await agent.warm(`${protocol}://127.0.0.1:${port}`, 3)
await turnUntil(() => agent.stats().idle === 3)
process.stdout.write(` ${agent.stats().idle} idle`)
