import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { it } from 'node:test'
import { inspect } from 'node:util'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { forTest, serveHttp, serveOnDemand } from './loopback.ts'

it('shows a connection and its request at each point of their lives, in views taken before', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const { sockets, freeSockets, requests } = agent
  const name = agent.getName({ host: '127.0.0.1', port })
  const names = (): string[][] => [sockets, freeSockets, requests].map(Object.keys)
  assert.deepEqual(names(), [[], [], []])

  const first = start({ agent, port })
  assert.deepEqual(names(), [[name], [], []])
  assert.equal(sockets[name]?.[0]?.connecting, true)
  const second = start({ agent, port })
  assert.deepEqual(names(), [[name], [], [name]])
  assert.deepEqual(requests[name], [second.request])

  const { response } = await next()
  assert.deepEqual(sockets[name], [first.request.socket])
  response.end()
  await first.done
  const arrival = await next()
  assert.deepEqual(names(), [[name], [], []])
  arrival.response.end()
  const { socket } = await second.done
  assert.deepEqual(names(), [[], [name], []])
  assert.deepEqual(freeSockets[name], [socket])
  assert.equal(agent.totalSocketCount, 1)

  socket.destroy()
  await once(socket, 'close')
  assert.deepEqual(names(), [[], [], []])
  assert.equal(agent.totalSocketCount, 0)
})

it('answers what is asked of its views as plain objects do', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { socket } = await exchange({ agent, port })
  const name = agent.getName({ host: '127.0.0.1', port })
  const { freeSockets } = agent
  assert.equal(name in freeSockets, true)
  assert.equal('elsewhere' in freeSockets, false)
  assert.equal(freeSockets['elsewhere'], undefined)
  assert.deepEqual(Object.values(freeSockets), [[socket]])
  assert.deepEqual({ ...freeSockets }, { [name]: [socket] })
  assert.deepEqual(Object.getOwnPropertyNames(freeSockets), [name])
  assert.equal(JSON.stringify(agent.sockets), '{}')
})

it('takes what is written to its views, or deleted from them, and goes on as before', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { socket } = await exchange({ agent, port })
  const name = agent.getName({ host: '127.0.0.1', port })
  for (const key of ['sockets', 'freeSockets', 'requests'] as const) {
    const view = agent[key] as Record<string, unknown>
    Object.assign(view, { [name]: [], elsewhere: [] })
    Object.defineProperty(view, name, { value: [], writable: true, configurable: true })
    for (const each of [name, 'elsewhere']) assert.equal(Reflect.deleteProperty(view, each), true)
  }
  Object.assign(agent, { totalSocketCount: 0 })
  // An array taken from a view is the caller's own.
  agent.freeSockets[name]?.pop()
  assert.deepEqual(Object.values(agent.freeSockets), [[socket]])
  assert.equal(agent.totalSocketCount, 1)
  assert.equal((await exchange({ agent, port })).isReused, true)
})

it('lets its views be replaced, as those of Node are, and goes on as before', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  await exchange({ agent, port })
  Object.assign(agent, { sockets: {}, freeSockets: {}, requests: {} })
  const bodies = [exchange({ agent, port }), exchange({ agent, port })]
  for (const { isReused } of await Promise.all(bodies)) assert.equal(isReused, true)
  assert.deepEqual([agent.stats().dials, agent.stats().idle], [1, 1])
})

it('deletes within a listener to a socket that is lost, as libraries do', async (context) => {
  const { port, server } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { socket } = await exchange({ agent, port })
  const name = agent.getName({ host: '127.0.0.1', port })
  const closed = once(socket, 'close')
  socket.prependListener('close', () => {
    delete (agent.freeSockets as Record<string, unknown>)[name]
    delete (agent.sockets as Record<string, unknown>)[name]
  })
  server.closeAllConnections()
  await closed
  assert.equal((await exchange({ agent, port })).isReused, false)
})

it('shows what its views hold where they are printed, listed and turned into JSON', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port })
  const name = agent.getName({ host: '127.0.0.1', port })
  assert.match(inspect(agent.freeSockets, { depth: 0 }), new RegExp(`'${name}': \\[Array\\]`, 'u'))
  assert.equal(inspect(agent.requests), '{}')
  assert.match(inspect(agent), /freeSockets: \{/u)
  assert.equal(JSON.stringify(agent.requests), '{}')
  assert.deepEqual(Object.keys(agent.freeSockets), [name])
  assert.deepEqual(Object.keys({ ...agent }.freeSockets), [name])
})

it('emits free with the socket and its options when a request gives it back', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const freed: unknown[] = []
  agent.on('free', (socket, options) => freed.push([socket, options.host, options.port]))
  const first = await exchange({ agent, port })
  assert.deepEqual(freed, [[first.socket, '127.0.0.1', port]])
  await exchange({ agent, port })
  assert.equal(freed.length, 2)
})

it('emits free for a new socket, too, that a queued request gets', async (context) => {
  const { port } = await serveHttp(context)
  const countFreed = async (agent: http.Agent): Promise<number> => {
    forTest(context, agent)
    let freed = 0
    agent.on('free', () => freed++)
    const first = start({ agent, port })
    first.request.once('response', (response) => {
      response.once('end', () => first.request.socket?.destroy())
    })
    const second = start({ agent, port })
    await Promise.all([first.done, second.done])
    return freed
  }
  const options = { keepAlive: true, maxSockets: 1 }
  assert.equal(await countFreed(new HttpAgent(options)), await countFreed(new http.Agent(options)))
})

it('queues what is hardly a request, by the form of addRequest that Node still takes', () => {
  const agent = new HttpAgent()
  agent.maxSockets = 0
  const stub = { getHeader: (): undefined => undefined }
  Reflect.apply(agent.addRequest, agent, [stub, 'localhost', 8080, '127.0.0.1'])
  assert.deepEqual(Object.keys(agent.requests), ['localhost:8080:127.0.0.1'])
})
