/* A process that makes one request, and then keeps connections ready. */
import process, { argv } from 'node:process'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'
import { turnUntil } from './turn.ts'

const agent = new HttpAgent({ policy: { minIdlePerOrigin: 3 } })
await exchange({ agent, port: argv[2] as string })
await turnUntil(() => agent.stats().idle === 4)
process.stdout.write(`${agent.stats().idle}\n`)
