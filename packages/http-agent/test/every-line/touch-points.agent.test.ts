import assert from 'node:assert/strict'
import { once } from 'node:events'
import http, { type ClientRequest } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import process from 'node:process'
import type { Duplex } from 'node:stream'
import { it, type TestContext } from 'node:test'
import tls from 'node:tls'
import type { DrivenAgent } from '../../dist/node/internals/driven-agent.js'
import { listen, serveHttp, TEST_IDENTITY } from './loopback.ts'
import { turnUntil } from './turn.ts'

const major = Number(process.versions.node.split('.', 1)[0])

/** An agent of Node's, with the members that its documentation leaves out. */
const undocumented = (agent: http.Agent): DrivenAgent => agent as DrivenAgent

it('has on an agent what the client reads, and what it was made with', () => {
  const agent = undocumented(
    new http.Agent({ keepAlive: true, keepAliveMsecs: 2000, scheduling: 'fifo', timeout: 5 }),
  )
  assert.equal(agent.protocol, 'http:')
  assert.equal(agent.defaultPort, 80)
  assert.equal(agent.keepAlive, true)
  assert.equal(agent.keepAliveMsecs, 2000)
  assert.equal(agent.scheduling, 'fifo')
  assert.equal(agent.options.timeout, 5)
  assert.equal(agent.totalSocketCount, 0)
  const secure = undocumented(new https.Agent())
  assert.equal(secure.protocol, 'https:')
  assert.equal(secure.defaultPort, 443)
  assert.equal(secure.keepAlive, false)
})

it('reads keepAlive of an agent for the Connection header', async (context) => {
  const heads: unknown[] = []
  const { port } = await serveHttp(context, (request, response) => {
    heads.push(request.headers.connection)
    response.end()
  })
  const agent = undocumented(new http.Agent({ keepAlive: true }))
  context.after(() => agent.destroy())
  for (const keepAlive of [true, false]) {
    agent.keepAlive = keepAlive
    const request = http.get({ port, host: '127.0.0.1', agent })
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.resume()
    await once(response, 'close')
  }
  assert.deepEqual(heads, ['keep-alive', 'close'])
})

it('calls addRequest of an agent in the constructor of the request, and with its options', () => {
  const asked: unknown[] = []
  class Agent extends http.Agent {
    addRequest(added: ClientRequest, options: { readonly host?: string }): void {
      asked.push(added, options.host)
    }
  }
  const request = http.request({ host: 'upstream.holdfast.test', agent: new Agent() })
  assert.deepEqual(asked, [request, 'upstream.holdfast.test'])
})

it("makes sockets by an agent's createSocket, which answers by a callback", async (context) => {
  const { port } = await serveHttp(context)
  let socketOptions: unknown
  class Agent extends http.Agent {
    createSocket(waiting: ClientRequest, given: object, callback: () => void): void {
      socketOptions = given
      undocumented(http.Agent.prototype as http.Agent).createSocket.call(
        this,
        waiting,
        given as never,
        callback,
      )
    }
  }
  const agent = new Agent()
  const request = http.get({ port, host: '127.0.0.1', agent })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  await once(response, 'close')
  assert.equal((socketOptions as { readonly port: number }).port, port)
})

it('forgets a socket in use by removeSocket, which an agentRemove calls and which closes nothing', async (context) => {
  const { port } = await serveHttp(context)
  let removedSocket: unknown
  class Agent extends http.Agent {
    removeSocket(...given: [Duplex]): void {
      ;[removedSocket] = given
      undocumented(http.Agent.prototype as http.Agent).removeSocket.apply(this, given)
    }
  }
  const agent = new Agent({ keepAlive: true })
  const request = http.get({ port, host: '127.0.0.1', agent })
  const [{ socket }] = (await once(request, 'response')) as [http.IncomingMessage]
  context.after(() => socket.destroy())
  assert.equal(undocumented(agent).totalSocketCount, 1)
  socket.emit('agentRemove')
  assert.equal(removedSocket, socket)
  assert.deepEqual(Object.keys(agent.sockets), [])
  assert.equal(undocumented(agent).totalSocketCount, 0)
  assert.equal(socket.destroyed, false)
})

it('marks options with a checkServerIdentity of their own: per-request checkServerIdentity', () => {
  let descriptions: (string | undefined)[] = []
  class Agent extends https.Agent {
    addRequest(_request: ClientRequest, options: object): void {
      descriptions = Object.getOwnPropertySymbols(options).map(({ description }) => description)
    }
  }
  https.request({ agent: new Agent(), checkServerIdentity: () => undefined })
  const isMarked = descriptions.includes('per-request checkServerIdentity')
  // Node 20 has no mark, and keeps such connections.
  assert.equal(isMarked, major >= 22)
})

const connectNamed = async (
  context: TestContext,
  agent: https.Agent,
  port: number,
  sessionName: string,
): Promise<tls.TLSSocket> => {
  const options = { port, host: '127.0.0.1', ca: TEST_IDENTITY.cert, _agentKey: sessionName }
  const createConnection = agent.createConnection as (given: object) => Socket
  const socket = createConnection.call(agent, options) as tls.TLSSocket
  context.after(() => socket.destroy())
  let hasSession = false
  socket.on('session', () => {
    hasSession = true
  })
  await once(socket, 'secureConnect')
  // Its ticket follows the handshake; a resumed session is not left once more.
  await turnUntil(() => hasSession || socket.isSessionReused())
  return socket
}

it('resumes the TLS session that was left under the same _agentKey, and no other one', async (context) => {
  const { port } = await listen(context, tls.createServer({ ...TEST_IDENTITY }))
  const agent = new https.Agent()
  const names = ['a', 'b', 'a']
  const resumed: boolean[] = []
  for (const name of names) {
    const socket = await connectNamed(context, agent, port, name)
    resumed.push(socket.isSessionReused())
  }
  assert.deepEqual(resumed, [false, false, true])
})
