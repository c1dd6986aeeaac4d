import { it } from 'vitest'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import type { WatchResult } from '../../src/watch/watch-result.ts'
import { runHoldfast } from '../run-holdfast.ts'
import { mistakesIn } from '../schema-mistakes.ts'
import { Holder } from './holder.ts'

/** Three idle connections in a pool that is published, and one to the same server that is in none. */
const PUBLISHING = `
(async () => {
  const http = require('node:http')
  const { HttpAgent } = await import('@holdfast/http-agent')
  const { publishPool } = await import('@holdfast/http-agent/publish')
  const agent = new HttpAgent()
  await publishPool(agent, { name: 'upstream' })
  const server = http.createServer((_, response) => response.end('ok'))
  server.keepAliveTimeout = 60_000
  await once(server.listen(8080, '127.0.0.1'), 'listening')
  const get = () => new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port: 8080, agent }, (response) => {
      response.resume().on('close', resolve)
    })
    request.on('error', reject)
  })
  await Promise.all([get(), get(), get()])
  await get()
  await dial('127.0.0.1', 8080)
  ready()
})()
`

it('lays the pool of a process beside the kernel', async ({ expect }) => {
  await using network = await NetworkNamespace.create()
  await using holder = await Holder.start(network, PUBLISHING)
  const args = ['watch', '--pid', `${holder.pid}`, '--once']
  const result = JSON.parse((await runHoldfast([...args, '--json'])).out) as WatchResult
  const { joined, warnings } = result
  const { out } = await runHoldfast(args)

  expect(mistakesIn('watch-result', result)).toEqual([])
  expect(warnings).toEqual([])
  expect(joined?.pools).toEqual([
    {
      name: 'upstream',
      connecting: 0,
      idle: 3,
      leased: 0,
      lingering: 0,
      closing: 0,
      waiting: 0,
      reuseShare: 0.25,
    },
  ])
  expect(joined?.connections).toHaveLength(3)
  for (const connection of joined?.connections ?? []) {
    expect(connection).toMatchObject({
      pool: 'upstream',
      remotePort: 8080,
      state: 'idle',
      pooledTcpState: 'ESTABLISHED',
      kernelTcpState: 'ESTABLISHED',
      agrees: true,
    })
  }
  expect(joined?.strangers).toBe(1)
  expect(out).toMatch(/^upstream +0 +3 +0 +0 +0 +0 +25\.0 %$/mu)
  expect(out).toMatch(/^\d+ to 8080 +idle +ESTABLISHED +1 +\d+\.\d s +\d+\.\d s$/mu)
})

it('shows a process that publishes nothing without pools', async ({ expect }) => {
  await using network = await NetworkNamespace.create()
  await using holder = await Holder.start(network, 'ready(); setInterval(() => {}, 1e6)')
  const { out } = await runHoldfast(['watch', '--pid', `${holder.pid}`, '--once', '--json'])

  expect((JSON.parse(out) as WatchResult).joined).toBeNull()
})
