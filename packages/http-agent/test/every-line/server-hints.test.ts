import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { HttpAgent } from '@holdfast/http-agent'

/** Asks once, and waits until the socket has been given back, and closed if that was decided. */
const ask = async (agent: HttpAgent, port: number): Promise<boolean> => {
  const request = http.get({ agent, host: '127.0.0.1', port })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  await once(response, 'end')
  do await turn()
  while (agent.stats().closing > 0)
  return request.reusedSocket
}

const withServer = async (
  headers: http.OutgoingHttpHeaders,
  run: (port: number) => Promise<void>,
): Promise<void> => {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { connection: 'keep-alive', ...headers }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await run((server.address() as AddressInfo).port)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

it('closes a connection whose server keeps it no longer than the margin', () =>
  withServer({ 'keep-alive': 'timeout=1' }, async (port) => {
    const agent = new HttpAgent()
    await ask(agent, port)
    assert.equal(await ask(agent, port), false)
    assert.deepEqual(agent.stats().closes, { server_hint: 2 })
  }))

it('reads what stands in any order, any case, and on several lines', () =>
  withServer({ 'keep-alive': ['foo, MAX=0', 'Timeout="60"'] }, async (port) => {
    const agent = new HttpAgent()
    await ask(agent, port)
    assert.equal(await ask(agent, port), false)
    assert.deepEqual(agent.stats().closes, { server_hint: 2 })
  }))

it('keeps a connection that the server keeps', () =>
  withServer({ 'keep-alive': 'max=100, timeout=60' }, async (port) => {
    const agent = new HttpAgent()
    await ask(agent, port)
    assert.equal(await ask(agent, port), true)
    agent.destroy()
  }))

it('ignores what the server announces where the policy says so', () =>
  withServer({ 'keep-alive': 'timeout=1, max=0' }, async (port) => {
    const agent = new HttpAgent({ policy: { serverHints: 'ignore' } })
    await ask(agent, port)
    assert.equal(await ask(agent, port), true)
    agent.destroy()
  }))
