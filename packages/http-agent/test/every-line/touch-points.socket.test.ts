import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readSync } from 'node:fs'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import process from 'node:process'
import { it, type TestContext } from 'node:test'
import tls from 'node:tls'
import { bytesPassed, descriptorOf } from '../../dist/driver/socket-handle.js'
import { listen, TEST_IDENTITY } from './loopback.ts'
import type { NodeHandle, NodeSocket } from './node-members.ts'
import { turnUntil } from './turn.ts'

interface Pair {
  readonly client: NodeSocket
  readonly handle: NodeHandle
  /** The socket of the other side. */
  readonly peer: Socket
  /** What carries it: the same, without TLS. */
  readonly peerTransport: Socket
}

const pairOf = async (client: NodeSocket, peer: Socket, peerTransport: Socket): Promise<Pair> => {
  // Once this has come, nothing of a handshake is left to come.
  peer.write('greeting')
  await once(client, 'data')
  peer.on('error', () => undefined)
  return { client, handle: client._handle as NodeHandle, peer, peerTransport }
}

const connectPlain = async (context: TestContext): Promise<Pair> => {
  const { server, port } = await listen(context, net.createServer())
  const client = net.connect(port, '127.0.0.1')
  context.after(() => client.destroy())
  const [peer] = (await once(server, 'connection')) as [Socket]
  return pairOf(client as NodeSocket, peer, peer)
}

const connectTls = async (context: TestContext): Promise<Pair> => {
  const { server, port } = await listen(context, tls.createServer({ ...TEST_IDENTITY }))
  const client = tls.connect({ port, host: '127.0.0.1', ca: TEST_IDENTITY.cert })
  context.after(() => client.destroy())
  const [[transport], [peer]] = (await Promise.all([
    once(server, 'connection'),
    once(server, 'secureConnection'),
  ])) as [[Socket], [Socket]]
  return pairOf(client as NodeSocket, peer, transport)
}

const TRANSPORTS = { TCP: connectPlain, TLS: connectTls } as const

/** The number of bytes that a read of one byte gives at once, or the code of its error. */
const readByte = (socket: Socket): number | string | undefined => {
  try {
    return readSync(descriptorOf(socket) as number, new Uint8Array(1), 0, 1, null)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}

const asyncIdSymbolOf = (socket: Socket): symbol =>
  Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'async_id_symbol',
  ) as symbol

for (const [transport, connect] of Object.entries(TRANSPORTS)) {
  it(`has a descriptor that a read without waiting finds empty: ${transport}`, async (context) => {
    const { client } = await connect(context)
    assert.equal(readByte(client), 'EAGAIN')
  })

  it(`shows in its descriptor that the peer has closed, before the loop does: ${transport}`, async (context) => {
    const { client, peerTransport } = await connect(context)
    peerTransport.destroy()
    assert.equal(readByte(client), 0)
    assert.equal(client.destroyed, false)
  })

  it(`shows in its descriptor that the peer has reset it, before the loop does: ${transport}`, async (context) => {
    const { client, peerTransport } = await connect(context)
    peerTransport.resetAndDestroy()
    assert.equal(readByte(client), 'ECONNRESET')
    assert.equal(client.destroyed, false)
  })

  it(`counts the bytes of a large write as the system takes them: ${transport}`, async (context) => {
    const { client, peer } = await connect(context)
    const length = 40_000_000
    const seen = new Set<number | undefined>()
    const before = bytesPassed(client) as number
    peer.resume()
    const written = once(client, 'drain')
    client.write(Buffer.alloc(length))
    await turnUntil(() => {
      seen.add(bytesPassed(client))
      return client.writableLength === 0
    })
    await written
    assert.ok(seen.size > 2, `${seen.size} counts`)
    assert.ok((bytesPassed(client) as number) - before >= length)
  })

  it(`counts the bytes that come: ${transport}`, async (context) => {
    const { client, peer } = await connect(context)
    const before = bytesPassed(client) as number
    peer.write('more')
    await once(client, 'data')
    assert.ok((bytesPassed(client) as number) - before >= 4)
  })

  it(`lets its onread be replaced, which gets an ArrayBuffer of bytes and nothing at the end: ${transport}`, async (context) => {
    const { handle, peer } = await connect(context)
    assert.equal(typeof handle.onread, 'function')
    const reads: unknown[] = []
    const ended = new Promise<void>((resolve) => {
      handle.onread = (bytes) => {
        reads.push(bytes instanceof ArrayBuffer ? 'bytes' : bytes)
        if (bytes === undefined) resolve()
      }
    })
    peer.end('stray')
    await ended
    assert.deepEqual(reads, ['bytes', undefined])
  })

  it(`has what was read, and nothing else, pushed to the stream by Node's own onread: ${transport}`, async (context) => {
    const { client, peer } = await connect(context)
    const read = new Promise<unknown>((resolve) => {
      client.push = (chunk) => {
        resolve(chunk)
        return true
      }
    })
    peer.write('stray')
    assert.equal(String(await read), 'stray')
  })

  it(`passes a reset to a replaced onread as an end, after which Node's own sets 'errored': ${transport}`, async (context) => {
    const { client, handle, peerTransport } = await connect(context)
    const { onread } = handle
    const failed = new Promise<unknown>((resolve) => {
      handle.onread = (bytes) => {
        onread?.call(handle, bytes as ArrayBuffer)
        resolve(client.errored)
      }
    })
    client.on('error', () => undefined)
    peerTransport.resetAndDestroy()
    assert.equal(((await failed) as NodeJS.ErrnoException).code, 'ECONNRESET')
  })

  it(`says when it does not read, and reads on after readStart: ${transport}`, async (context) => {
    const { client, handle, peer } = await connect(context)
    assert.equal(handle.reading, true)
    client.pause()
    // A paused socket reads until its buffer is full.
    peer.write(new Uint8Array(2 ** 20))
    await turnUntil(() => handle.reading === false)
    const read = new Promise<unknown>((resolve) => {
      handle.onread = resolve
    })
    handle.reading = true
    handle.readStart?.()
    assert.ok((await read) instanceof ArrayBuffer)
  })

  it(`gets a new async id by asyncReset, which its async_id symbol may follow: ${transport}`, async (context) => {
    const { client, handle } = await connect(context)
    const type = handle.getProviderType?.()
    assert.equal(typeof type, 'number')
    const before = handle.getAsyncId?.() as number
    handle.asyncReset?.({ type, handle })
    const after = handle.getAsyncId?.() as number
    assert.ok(after > before, `${after} follows ${before}`)
    const symbol = asyncIdSymbolOf(client)
    assert.equal(typeof Reflect.get(client, symbol), 'number')
    assert.ok(Reflect.set(client, symbol, -1))
    assert.equal(Reflect.get(client, symbol), -1)
  })

  it(`takes a new writable high-water mark by its state: ${transport}`, async (context) => {
    const { client } = await connect(context)
    const { _writableState: state } = client as unknown as {
      readonly _writableState: { highWaterMark: number }
    }
    assert.equal(state.highWaterMark, client.writableHighWaterMark)
    state.highWaterMark = 7
    assert.equal(client.writableHighWaterMark, 7)
    client.cork()
    assert.equal(client.write('1234567'), false)
  })
}

it('shows bytes in its descriptor before the loop reads them: TCP', async (context) => {
  const { client, peer } = await connectPlain(context)
  peer.write('x')
  assert.equal(readByte(client), 1)
})

it('has the async id of its handle under the async_id symbol: TCP', async (context) => {
  const { client, handle } = await connectPlain(context)
  assert.equal(Reflect.get(client, asyncIdSymbolOf(client)), handle.getAsyncId?.())
})

it('says whether its TLS handshake is in progress', async (context) => {
  const { port } = await listen(context, tls.createServer({ ...TEST_IDENTITY }))
  const client = tls.connect({ port, host: '127.0.0.1', ca: TEST_IDENTITY.cert })
  context.after(() => client.destroy())
  assert.equal((client as NodeSocket).secureConnecting, true)
  await once(client, 'connect')
  assert.equal((client as NodeSocket).secureConnecting, true)
  await once(client, 'secureConnect')
  assert.equal((client as NodeSocket).secureConnecting, false)
})

const [major] = process.versions.node.split('.').map(Number)

it('carries kWaitForProxyTunnel while a proxy has not opened the tunnel', async (context) => {
  if ((major as number) < 22) {
    context.skip('this line knows no proxies')
    return
  }
  const { port } = await listen(context, net.createServer())
  const agent = new https.Agent({
    proxyEnv: { HTTPS_PROXY: `http://127.0.0.1:${port}` },
  } as https.AgentOptions)
  const createConnection = agent.createConnection as (...values: unknown[]) => Socket
  const socket = createConnection.call(
    agent,
    { host: 'upstream.holdfast.test', port: 443, headers: {} },
    () => undefined,
  )
  context.after(() => socket.destroy())
  const descriptions = Object.getOwnPropertySymbols(socket).map(({ description }) => description)
  assert.ok(descriptions.includes('kWaitForProxyTunnel'), String(descriptions))
})
