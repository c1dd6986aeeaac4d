import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import { it, type TestContext } from 'node:test'
import tls from 'node:tls'
import {
  type Connect,
  type ConnectingHandle,
  type ConnectRequest,
  connectingHandleOf,
  interceptConnect,
  keepsAlive,
  takeConnection,
} from '../../dist/driver/connecting-handle.js'
import { listen, TEST_IDENTITY } from './loopback.ts'
import type { NodeSocket } from './node-members.ts'

const NAME = 'many.holdfast.test'

/** A socket that has asked for the address of a name, and what answers it. */
interface Asking {
  readonly socket: Socket
  readonly handle: ConnectingHandle
  readonly answer: (address: string, family: 4 | 6) => void
}

const dial = (context: TestContext, port: number, isSecure: boolean): Asking => {
  let answer = (_address: string, _family: 4 | 6): void => undefined
  const options = {
    host: NAME,
    port,
    ca: TEST_IDENTITY.cert,
    lookup: ((_host, { all }, callback) => {
      answer = (address, family) => {
        if (all === true) callback(null, [{ address, family }])
        else callback(null, address, family)
      }
    }) as net.LookupFunction,
  }
  const socket = isSecure ? tls.connect(options) : net.connect(options)
  context.after(() => socket.destroy())
  return {
    socket,
    handle: connectingHandleOf(socket) as ConnectingHandle,
    answer: (address, family) => answer(address, family),
  }
}

const serve = async (context: TestContext, isSecure: boolean): Promise<number> => {
  const server = isSecure ? tls.createServer({ ...TEST_IDENTITY }) : net.createServer()
  const { port } = await listen(context, server)
  server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => socket.pipe(socket))
  return port
}

for (const isSecure of [false, true]) {
  const over = isSecure ? 'over TLS' : 'over TCP'

  it(`asks connect or connect6 of the lowest handle for an attempt, ${over}`, async (context) => {
    const port = await serve(context, isSecure)
    for (const [address, family] of [
      ['127.0.0.1', 4],
      ['::1', 6],
    ] as const) {
      const { answer, handle, socket } = dial(context, port, isSecure)
      const { _handle: own } = socket as NodeSocket
      assert.equal(handle, own?._parent ?? own)
      const asked: unknown[] = []
      const replace =
        (): Connect =>
        (request, ...place) => {
          asked.push([typeof request.oncomplete, ...place])
          return 0
        }
      interceptConnect(handle, replace, () => answer(address, family))
      assert.deepEqual(asked, [['function', address, port]])
      assert.equal(Object.hasOwn(handle, 'connect') || Object.hasOwn(handle, 'connect6'), false)
    }
  })

  it(`tells oncomplete of an attempt how it ends, before the socket knows, ${over}`, async (context) => {
    const { server, port } = await listen(context, net.createServer())
    server.close()
    await once(server, 'close')
    const { answer, handle, socket } = dial(context, port, isSecure)
    const status = await new Promise<number>((resolve) => {
      const replace =
        (own: Connect): Connect =>
        (request, ...place) => {
          request.oncomplete = resolve
          return own(request, ...place)
        }
      interceptConnect(handle, replace, () => answer('127.0.0.1', 4))
    })
    assert.ok(status < 0)
    assert.equal(socket.destroyed, false)
    assert.equal(socket.connecting, true)
  })

  it(`gives a socket the connection of another one by kReinitializeHandle, ${over}`, async (context) => {
    const port = await serve(context, isSecure)
    const { answer, handle, socket } = dial(context, port, isSecure)
    socket.write('early')
    let held: ConnectRequest | undefined
    const replace = (): Connect => (request) => {
      held = request
      return 0
    }
    interceptConnect(handle, replace, () => answer('127.0.0.9', 4))
    assert.equal(handle.hasRef?.(), true)
    assert.equal(keepsAlive(handle), true)
    socket.unref()
    assert.equal(keepsAlive(handle), false)
    const other = net.connect(port, '127.0.0.1')
    other.pause()
    other.once('connect', () => {
      const request = held as ConnectRequest
      takeConnection(socket, other, request, request.oncomplete)
      other.destroy()
    })
    await once(socket, isSecure ? 'secureConnect' : 'connect')
    assert.equal((other as NodeSocket)._handle, null)
    const { _handle: own } = socket as NodeSocket
    assert.notEqual(own?._parent ?? own, handle)
    assert.equal(keepsAlive((own?._parent ?? own) as unknown as ConnectingHandle), false)
    assert.equal(String(await once(socket, 'data')), 'early')
    assert.equal(socket.remoteAddress, '127.0.0.1')
    assert.equal((socket as Partial<tls.TLSSocket>).authorized === true, isSecure)
  })
}

it('has no handle to connect by once it is connected', async (context) => {
  const { port } = await listen(context, net.createServer())
  const socket = net.connect(port, '127.0.0.1')
  context.after(() => socket.destroy())
  assert.ok(connectingHandleOf(socket))
  await once(socket, 'connect')
  assert.equal(connectingHandleOf(socket), undefined)
})
