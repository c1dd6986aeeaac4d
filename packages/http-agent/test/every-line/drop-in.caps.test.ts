import assert from 'node:assert/strict'
import type http from 'node:http'
import type { Socket } from 'node:net'
import { it } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange, type Pending, start } from './exchange.ts'
import { forTest, serveHttp, serveOnDemand } from './loopback.ts'

it('opens no more than maxSockets connections, and serves those that wait in order', async (context) => {
  const { port, next, connectionCount } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 2 }))
  const pending = [1, 2, 3, 4, 5].map((number) => start({ agent, port, path: `/${number}` }))
  const name = agent.getName({ host: '127.0.0.1', port })
  assert.equal(agent.requests[name]?.length, 3)
  const arrivals = [await next(), await next()]
  // One at a time: the server may read two that come at once in either order.
  for (let count = 0; count < 3; count++) {
    arrivals[count]?.response.end()
    arrivals.push(await next())
  }
  for (const { response } of arrivals.slice(3)) response.end()
  await Promise.all(pending.map(({ done }) => done))
  const order = arrivals.map(({ request }) => request.url)
  assert.deepEqual(new Set(order), new Set(['/1', '/2', '/3', '/4', '/5']))
  assert.deepEqual(order.slice(2), ['/3', '/4', '/5'])
  assert.equal(connectionCount(), 2)
})

it('follows a maxSockets that is raised meanwhile', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  start({ agent, port })
  await next()
  agent.maxSockets = 2
  start({ agent, port })
  const { response } = await next()
  assert.ok(response.writable)
})

it('closes an idle connection of one origin for another one where maxTotalSockets is reached', async (context) => {
  const [first, second] = [await serveHttp(context), await serveHttp(context)]
  const agent = forTest(context, new HttpAgent({ maxTotalSockets: 1 }))
  for (const { port } of [first, second, first]) {
    const { body, isReused } = await exchange({ agent, port })
    assert.deepEqual({ body, isReused }, { body: 'ok', isReused: false })
    assert.equal(agent.totalSocketCount, 1)
  }
  assert.equal(agent.stats().closes.evicted, 2)
})

it('keeps no more than maxTotalSockets connections to two origins in use at once', async (context) => {
  const [first, second] = [await serveOnDemand(context), await serveOnDemand(context)]
  const agent = forTest(context, new HttpAgent({ maxTotalSockets: 1 }))
  const one = start({ agent, port: first.port })
  const other = start({ agent, port: second.port })
  const { response } = await first.next()
  assert.equal(second.connectionCount(), 0)
  response.end()
  await one.done
  const arrival = await second.next()
  assert.equal(agent.totalSocketCount, 1)
  arrival.response.end()
  assert.equal((await other.done).status, 200)
})

/** Makes as many idle connections; the sockets in the order in which they went idle. */
const makeIdle = async (
  agent: http.Agent,
  { port, next }: Awaited<ReturnType<typeof serveOnDemand>>,
  count: number,
): Promise<Socket[]> => {
  const started = Array.from({ length: count }, (_, number) =>
    start({ agent, port, path: `/${number}` }),
  )
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const { request, response } = await next()
    response.end()
    const { done } = started[Number(request.url?.slice(1))] as Pending
    sockets.push((await done).socket)
  }
  return sockets
}

for (const maxFreeSockets of [0, 1, 2]) {
  it(`keeps as many idle connections as agent.maxFreeSockets says: ${maxFreeSockets}`, async (context) => {
    const server = await serveOnDemand(context)
    const agent = forTest(context, new HttpAgent())
    agent.maxFreeSockets = maxFreeSockets
    await makeIdle(agent, server, 3)
    assert.equal(agent.stats().idle, maxFreeSockets)
    const name = agent.getName({ host: '127.0.0.1', port: server.port })
    assert.equal(agent.freeSockets[name]?.length ?? 0, maxFreeSockets)
    assert.equal(agent.stats().closing + (agent.stats().closes.trimmed ?? 0), 3 - maxFreeSockets)
  })
}

it('keeps no idle connection where the option maxFreeSockets is 0', async (context) => {
  const server = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxFreeSockets: 0 }))
  await makeIdle(agent, server, 2)
  assert.equal(agent.maxFreeSockets, 0)
  assert.equal(agent.stats().idle, 0)
})

for (const [scheduling, place] of [
  ['lifo', 1],
  ['fifo', 0],
] as const) {
  it(`uses the ${place === 1 ? 'last' : 'first'} of two idle connections: ${scheduling}`, async (context) => {
    const server = await serveOnDemand(context)
    const agent = forTest(context, new HttpAgent({ scheduling }))
    const sockets = await makeIdle(agent, server, 2)
    const { done } = start({ agent, port: server.port })
    const { response } = await server.next()
    response.end()
    assert.equal(sockets.indexOf((await done).socket), place)
  })
}

it('shares no connection between names that getName tells apart', async (context) => {
  class TenantAgent extends HttpAgent {
    override getName(options?: http.RequestOptions & { readonly tenant?: string }): string {
      return `${super.getName(options)}#${options?.tenant}`
    }
  }
  const { port, connectionCount } = await serveHttp(context)
  const agent = forTest(context, new TenantAgent())
  const ask = async (tenant: string): Promise<boolean> => {
    const options = { agent, port, tenant }
    return (await exchange(options)).isReused
  }
  assert.deepEqual([await ask('a'), await ask('b'), await ask('a')], [false, false, true])
  assert.equal(connectionCount(), 2)
  assert.deepEqual(Object.keys(agent.freeSockets), [`127.0.0.1:${port}:#a`, `127.0.0.1:${port}:#b`])
})
