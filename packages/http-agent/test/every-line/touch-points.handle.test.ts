import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { it, type TestContext } from 'node:test'
import tls from 'node:tls'
import { closeByReset } from '../../dist/driver/closing/close-by-reset.js'
import {
  descriptorOf,
  resetWhenClosed,
  type SocketHandle,
} from '../../dist/driver/socket-handle.js'
import { listen, TEST_IDENTITY } from './loopback.ts'
import type { NodeSocket } from './node-members.ts'
import { turnUntil } from './turn.ts'

interface Pair {
  readonly client: Socket
  readonly handle: SocketHandle
  /** The socket of the other side. */
  readonly peer: Socket
  /** The socket of TCP that the client is connected to. */
  readonly transport: Socket
  readonly port: number
}

const handleOf = (client: Socket): SocketHandle => (client as NodeSocket)._handle as SocketHandle

const connectPlain = async (context: TestContext): Promise<Pair> => {
  const { server, port } = await listen(context, net.createServer())
  const client = net.connect(port, '127.0.0.1')
  context.after(() => client.destroy())
  const [[peer]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
    [Socket],
    unknown,
  ]
  return { client, handle: handleOf(client), peer, transport: peer, port }
}

/** Behind a relay, which sees how TCP ends. */
const connectTls = async (context: TestContext): Promise<Pair> => {
  const { server, port: tlsPort } = await listen(context, tls.createServer({ ...TEST_IDENTITY }))
  const { server: relay, port } = await listen(context, net.createServer())
  relay.on('connection', (socket: Socket) => {
    const upstream = net.connect(tlsPort, '127.0.0.1')
    pipeline(socket, upstream, socket, () => upstream.destroy())
  })
  const client = tls.connect({ port, host: '127.0.0.1', ca: TEST_IDENTITY.cert })
  context.after(() => client.destroy())
  const [[transport], [peer]] = (await Promise.all([
    once(relay, 'connection'),
    once(server, 'secureConnection'),
    once(client, 'secureConnect'),
  ])) as [[Socket], [Socket], unknown]
  return { client, handle: handleOf(client), peer, transport, port }
}

const TRANSPORTS = { TCP: connectPlain, TLS: connectTls } as const

for (const [transport, connect] of Object.entries(TRANSPORTS)) {
  it(`has its descriptor as fd: ${transport}`, async (context) => {
    const { client, handle } = await connect(context)
    assert.ok((handle.fd as number) > 2)
    assert.equal(descriptorOf(client), handle.fd)
  })

  it(`tells by getpeername where it leads, and keeps nothing of that: ${transport}`, async (context) => {
    const { handle, port } = await connect(context)
    const peer = {}
    assert.equal(handle.getpeername?.(peer), 0)
    assert.deepEqual(peer, { address: '127.0.0.1', port, family: 'IPv4' })
  })

  it(`is closed by close of the lowest handle: ${transport}`, async (context) => {
    const { client, handle } = await connect(context)
    const lowest = (handle._parent ?? handle) as { close: (callback?: () => void) => void }
    const { close } = lowest
    let isClosed = false
    Object.defineProperty(lowest, 'close', {
      value: (callback?: () => void) => {
        isClosed = true
        close.call(lowest, callback)
      },
    })
    client.destroy()
    await once(client, 'close')
    assert.equal(isClosed, true)
    assert.equal((client as NodeSocket)._handle, null)
  })

  it(`ends by RST, and emits close, where close of the lowest handle calls reset: ${transport}`, async (context) => {
    const { client, transport: end } = await connect(context)
    const failed = once(end, 'error')
    const closed = once(client, 'close')
    assert.equal(resetWhenClosed(client), true)
    client.destroy()
    const [error] = (await failed) as [NodeJS.ErrnoException]
    assert.equal(error.code, 'ECONNRESET')
    await closed
  })
}

it('has no _parent without TLS', async (context) => {
  const { handle } = await connectPlain(context)
  assert.equal(handle._parent, undefined)
})

it('counts the bytes of TLS records by bytesRead of _parent', async (context) => {
  const { client, handle, peer } = await connectTls(context)
  const before = handle._parent?.bytesRead as number
  const decryptedBefore = client.bytesRead
  client.resume()
  peer.write('x')
  await turnUntil(
    () => (handle._parent?.bytesRead as number) > before && client.bytesRead > decryptedBefore,
  )
  assert.ok((handle._parent?.bytesRead as number) - before > 1)
})

it('has in writeQueueSize what the system has not taken yet, which bytesWritten counts', async (context) => {
  const { client, handle, peer } = await connectPlain(context)
  const length = 40_000_000
  peer.pause()
  client.write(Buffer.alloc(length))
  assert.equal(handle.bytesWritten, length)
  const queued = handle.writeQueueSize as number
  assert.ok(queued > 0 && queued <= length, `${queued} bytes are queued`)
  peer.resume()
  await turnUntil(() => handle.writeQueueSize === 0)
})

it('is not closed by RST where a FIN is on its way, but as usual', async (context) => {
  const { client, peer } = await connectPlain(context)
  const closed = once(client, 'close')
  const ended = once(peer.resume(), 'end')
  client.end()
  assert.equal(closeByReset(client), false)
  assert.equal(client.destroyed, false)
  client.destroy()
  await Promise.all([closed, ended])
})
