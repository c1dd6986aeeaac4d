/* A process that has nothing left to do while its last socket waits for the peer to close first. */
import process from 'node:process'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'

const agent = new HttpAgent({ policy: { peerCloseWaitMs: 60_000 } })
await exchange({ agent, port: process.argv[2] })
process.stdout.write(`${agent.stats().closing} closing`)
