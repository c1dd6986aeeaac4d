import assert from 'node:assert/strict'
import { Resolver } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { it } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { serveDns } from './dns-server.ts'
import { exchange } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest } from './loopback.ts'
import { NAME } from './named-client.ts'
import { serveAtAll } from './named-servers.ts'
import { listenTo } from './published.ts'
import { turnUntil } from './turn.ts'

const REFRESH_MS = 30_000

/** Looks names up by a DNS server of its own. */
const lookupBy = (port: number): LookupFunction => {
  const resolver = new Resolver()
  resolver.setServers([`127.0.0.1:${port}`])
  return (host, _options, callback) => {
    resolver.resolve4(host, (error, addresses) => {
      if (error) callback(error, [])
      else
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        )
    })
  }
}

it('follows what a DNS server says of a name', async (context) => {
  const { port, servers } = await serveAtAll(context, ['127.0.0.1', '127.0.0.2', '127.0.0.3'])
  const dns = await serveDns(context, '127.0.0.1', '127.0.0.2')
  const lookups = listenTo(context, 'name:looked_up')
  const clock = fakeClock(context)
  const policy = { idleTimeoutMs: Number.POSITIVE_INFINITY }
  const agent = forTest(context, new HttpAgent({ lookup: lookupBy(dns.port), policy }))
  const ask = async (): Promise<string> => (await exchange({ agent, port, host: NAME })).body
  await Promise.all(Array.from({ length: 100 }, ask))
  assert.deepEqual(dns.questions, [NAME])
  assert.deepEqual(
    servers.map(({ connectionCount }) => connectionCount),
    [50, 50, 0],
  )
  dns.addresses = ['127.0.0.2', '127.0.0.3']
  for (let refresh = 2; refresh <= 3; refresh++) {
    await ask()
    await clock.pass(REFRESH_MS)
    await turnUntil(() => lookups.length === refresh)
    await turnUntil(() => agent.stats().leased + agent.stats().connecting === 0)
  }
  await turnUntil(() => agent.stats().closes.address_gone === 50)
  const answers = await Promise.all(Array.from({ length: 60 }, ask))
  assert.ok(!answers.includes('127.0.0.1'))
  assert.ok(answers.includes('127.0.0.3'))
  dns.addresses = []
  await assert.rejects(exchange({ agent, port, host: 'unknown.holdfast.test' }), {
    code: 'ENOTFOUND',
  })
})
