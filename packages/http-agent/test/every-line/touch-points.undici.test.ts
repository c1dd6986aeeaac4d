import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import process from 'node:process'
import { describe, it, type TestContext } from 'node:test'
import {
  clientsSymbolOf,
  dispatchSymbolOf,
  faultFinderOf,
  GLOBAL_DISPATCHERS,
  isLastResponseEnd,
  isPeerClose,
  takesLegacyHandlers,
} from '../../dist/undici/peer/undici-internals.js'
import type { UndiciModule } from '../../dist/undici/peer/undici-module.js'
import { listen, serveHttp } from './loopback.ts'
import { UNDICI_VERSIONS, type Undici, type UndiciVersion } from './undici-versions.ts'

type Scenario = (context: TestContext, version: UndiciVersion) => Promise<void> | void

/** What a request to a server fails with that ends the connection once the request has come. */
const failureOf = async (
  context: TestContext,
  undici: Undici,
  end: (peer: Socket, client: () => Socket) => void,
): Promise<Error> => {
  const { server, port } = await listen(context, createServer())
  const connect = undici.buildConnector({})
  let socket: Socket | undefined
  const client = new undici.Client(`http://127.0.0.1:${port}`, {
    connect: (options, callback) =>
      connect(options, (...answer: [Error | null, ...unknown[]]) => {
        socket = answer[1] as Socket
        ;(callback as (...values: unknown[]) => void)(...answer)
      }),
  })
  context.after(() => client.destroy())
  server.on('connection', (peer: Socket) => {
    peer.once('data', () => end(peer, () => socket as Socket))
  })
  return await client.request({ path: '/', method: 'GET' }).then(
    () => assert.fail('the request was answered'),
    (error: Error) => error,
  )
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "says 'other side closed' of a connection that the peer has ended": async (
    context,
    { undici },
  ) => {
    const error = await failureOf(context, undici, (peer) => peer.end())
    assert.equal(error.message, 'other side closed')
    assert.equal(isPeerClose(error), true)
  },

  "says 'closed' of a socket that closes without a word": async (context, { undici }) => {
    const error = await failureOf(context, undici, (_peer, client) => client().destroy())
    assert.equal(error.message, 'closed')
    assert.equal(isPeerClose(error), true)
  },

  'says something else of a connection that the peer has reset': async (context, { undici }) => {
    const error = await failureOf(context, undici, (peer) => peer.resetAndDestroy())
    assert.equal(isPeerClose(error), false)
  },

  "destroys the socket with 'reset' after the last response": async (context, { undici }) => {
    const { port } = await serveHttp(context)
    const connect = undici.buildConnector({})
    let destroyedBy: Error | undefined
    const client = new undici.Client(`http://127.0.0.1:${port}`, {
      connect: (options, callback) =>
        connect(options, (...answer: [Error | null, ...unknown[]]) => {
          const socket = answer[1] as Socket
          const { destroy } = socket
          socket.destroy = (error) => {
            destroyedBy ??= error
            return destroy.call(socket, error)
          }
          ;(callback as (...values: unknown[]) => void)(...answer)
        }),
    })
    const { body } = await client.request({ path: '/', method: 'GET', reset: true })
    await body.text()
    await client.close()
    assert.equal(destroyedBy?.message, 'reset')
    assert.equal(isLastResponseEnd(destroyedBy), true)
  },

  "complains of 'invalid onConnect method' where it takes handlers of the old kind": (
    _context,
    { name, undici },
  ) => {
    const client = new undici.Client('http://localhost')
    const expected = { 'undici 7': 'invalid onConnect method' }[name]
    assert.equal(takesLegacyHandlers(undici as unknown as UndiciModule), expected !== undefined)
    if (expected === undefined) return
    assert.throws(() => client.dispatch({ path: '/', method: 'GET' }, {}), { message: expected })
  },

  'finds a fault in what is malformed before it misses the handler': (_context, { undici }) => {
    const faultOf = faultFinderOf(undici as unknown as UndiciModule)
    assert.equal(faultOf({ path: '/', method: 'GET' }), undefined)
    assert.equal(faultOf({ path: '/', method: 'POST', body: 'body' }), undefined)
    for (const wrong of [
      { path: 'no-slash', method: 'GET' as const },
      { path: '/', method: 'no method' as never },
      { path: '/', method: 'GET' as const, headers: { 'wrong name': '1' } },
    ]) {
      assert.ok(faultOf(wrong) instanceof undici.errors.InvalidArgumentError)
    }
  },

  'has its dispatch symbol on the prototype of clients, and its clients in an Agent': async (
    context,
    { undici },
  ) => {
    const dispatch = dispatchSymbolOf(undici as unknown as UndiciModule)
    assert.equal(dispatch?.description, 'dispatch')
    assert.equal(typeof Reflect.get(undici.Client.prototype, dispatch as symbol), 'function')
    const clients = clientsSymbolOf(undici as unknown as UndiciModule)
    assert.equal(clients?.description, 'clients')
    const { port } = await serveHttp(context)
    const agent = new undici.Agent()
    const { body } = await undici.request(`http://127.0.0.1:${port}`, { dispatcher: agent })
    await body.text()
    const byOrigin = Reflect.get(agent, clients as symbol) as Map<string, unknown>
    assert.deepEqual([...byOrigin.keys()], [`http://127.0.0.1:${port}`])
    await agent.close()
  },
}

for (const version of UNDICI_VERSIONS) {
  describe(`what is recognised of ${version.name}`, () => {
    for (const [what, run] of Object.entries(SCENARIOS)) {
      it(what, (context) => run(context as TestContext, version))
    }
  })
}

const major = Number(process.versions.node.split('.', 1)[0])

it('is found by the fetch of Node under undici.globalDispatcher.1, and from Node 26 on .2', async (context) => {
  const names = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2']
  assert.deepEqual(
    GLOBAL_DISPATCHERS.map((each) => Symbol.keyFor(each)),
    names,
  )
  const globals = globalThis as unknown as Record<symbol, unknown>
  // Whoever has loaded an undici 8 has put something in both places.
  const place = GLOBAL_DISPATCHERS[major >= 26 ? 1 : 0] as symbol
  const before = globals[place]
  context.after(() => {
    globals[place] = before
  })
  const error = new Error('asked')
  globals[place] = {
    dispatch: () => {
      throw error
    },
  }
  await assert.rejects(fetch('http://127.0.0.1'), { cause: error })
})
