import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { platform } from 'node:process'
import { it } from 'node:test'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import { HttpAgent } from '@holdfast/http-agent'

const portOf = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const ask = async (agent: http.Agent, port: number): Promise<http.IncomingMessage> => {
  const request = http.get({ agent, host: '127.0.0.1', port })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response
}

const TIME_WAIT = '06'

/** How many TIME_WAITs the client of the port holds, and how many the server. */
const countTimeWaits = (port: number): { client: number; server: number } => {
  const hexPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((row) => row.trim().split(' ').filter(Boolean))
    .filter((columns) => columns[3] === TIME_WAIT)
  return {
    client: rows.filter((columns) => columns[2]?.endsWith(hexPort)).length,
    server: rows.filter((columns) => columns[1]?.endsWith(hexPort)).length,
  }
}

const untilClosed = async (agent: HttpAgent): Promise<void> => {
  while (agent.stats().closing > 0) await turn()
}

for (const { maxRequestsPerConnection, clients } of [
  { maxRequestsPerConnection: 1, clients: 1 },
  { maxRequestsPerConnection: 2, clients: 10 },
]) {
  it(`leaves no TIME_WAIT after 1,000 connections of ${maxRequestsPerConnection} requests`, {
    skip: platform !== 'linux' && 'reads /proc',
  }, async () => {
    const server = http.createServer((_request, response) => response.end('ok'))
    const port = await portOf(server)
    const agent = new HttpAgent({ maxSockets: clients, policy: { maxRequestsPerConnection } })
    const requestsEach = (1000 * maxRequestsPerConnection) / clients
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let count = 0; count < requestsEach; count++) await ask(agent, port)
      }),
    )
    await untilClosed(agent)
    const { closes, leases } = agent.stats()
    assert.equal(leases, 1000 * maxRequestsPerConnection)
    // The last connection of each client may have a request left.
    assert.ok((closes.max_requests ?? 0) > 1000 - clients)
    const timeWaits = countTimeWaits(port)
    assert.equal(timeWaits.client, 0)
    assert.ok(timeWaits.server > 900, `the server holds ${timeWaits.server}`)
    // A dial that nobody needed in the end is idle yet, and Node 20 does not close it with the server.
    agent.destroy()
    server.close()
  })
}

/** A server that answers and leaves the closing to the client, whatever was agreed. */
const createStubbornServer = (): { server: Server; sockets: Set<Socket> } => {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
    })
    socket.on('end', () => socket.end())
    socket.on('error', () => undefined)
  })
  return { server, sockets }
}

it('closes by itself where the peer does not', async () => {
  const { server } = createStubbornServer()
  const port = await portOf(server)
  const agent = new HttpAgent({ policy: { peerCloseWaitMs: 40 } })
  await ask(agent, port)
  assert.equal(agent.stats().closing, 1)
  const startMs = performance.now()
  while (agent.stats().closing > 0) await delay(5)
  assert.ok(performance.now() - startMs >= 30, 'it did not wait')
  assert.deepEqual(agent.stats().closes, { response_close: 1 })
  server.close()
})

it('does not wait where it is told not to', async () => {
  const { server } = createStubbornServer()
  const port = await portOf(server)
  const agent = new HttpAgent({ policy: { peerCloseWaitMs: 0 } })
  await ask(agent, port)
  await turn()
  await turn()
  assert.equal(agent.stats().closing, 0)
  server.close()
})

it('does not keep a queued request waiting for a peer that does not close', async () => {
  const { server } = createStubbornServer()
  const port = await portOf(server)
  const agent = new HttpAgent({ maxSockets: 1, policy: { peerCloseWaitMs: 60_000 } })
  await Promise.all([ask(agent, port), ask(agent, port)])
  agent.destroy()
  server.close()
})

it('tells the request that it is over while the socket still waits', async () => {
  const { server } = createStubbornServer()
  const port = await portOf(server)
  const agent = new HttpAgent({ policy: { peerCloseWaitMs: 60_000 } })
  const request = http.get({ agent, host: '127.0.0.1', port }, (response) => response.resume())
  await once(request, 'close')
  assert.equal(agent.stats().closing, 1)
  agent.destroy()
  server.close()
})
