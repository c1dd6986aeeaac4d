/* A process that asks a name with several addresses once, and then often at once. It tells what happened in order, and lives until its input ends. */

import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import http from 'node:http'
import { isIP, type LookupFunction } from 'node:net'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { DIAGNOSTICS_CHANNELS, HttpAgent, type PoolEvent } from '@holdfast/http-agent'

/** What the process is told to do. */
export interface BlackHolePlan {
  /** The resolver's answer. */
  readonly addresses: readonly string[]
  readonly port: number
  /** Requests at once, after the first. */
  readonly more: number
}

/** What happened, by the clock of the pool. */
export type BlackHoleNews =
  | { readonly type: 'attempt'; readonly address: string }
  | {
      readonly type: 'passed over'
      readonly address: string
      readonly atMs: number
      readonly forMs: number
    }
  | { readonly type: 'answered'; readonly atMs: number }

const plan = JSON.parse(process.argv[2] as string) as BlackHolePlan
const news: BlackHoleNews[] = []

subscribe(DIAGNOSTICS_CHANNELS['address:passed_over'], (message) => {
  const { address, atMs, forMs } = message as Extract<
    PoolEvent,
    { readonly type: 'address:passed_over' }
  >
  news.push({ type: 'passed over', address, atMs, forMs })
})

const lookup: LookupFunction = (_name, _options, callback) => {
  const answer = plan.addresses.map((address) => ({ address, family: isIP(address) }))
  setImmediate(callback, null, answer)
}

const agent = new HttpAgent()

const ask = async (): Promise<void> => {
  const { port } = plan
  const request = http.get({ agent, host: 'service.test', port, lookup })
  request.on('socket', (socket) => {
    socket.on('connectionAttempt', (address: string) => {
      news.push({ type: 'attempt', address })
    })
  })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  news.push({ type: 'answered', atMs: performance.now() })
  response.resume()
  await once(request, 'close')
}

await ask()
await Promise.all(Array.from({ length: plan.more }, ask))
process.stdout.write(`${JSON.stringify(news)}\n`)
// Its sockets do not keep it alive; this does.
process.stdin.resume()
