import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import process from 'node:process'
import { it, type TestContext } from 'node:test'
import tls from 'node:tls'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { DIRECT_READ, readAsUsual, readDirectly } from '../../dist/undici/connection/direct-read.js'
import { serveRaw } from './dispatcher-stage.ts'
import { listen, TEST_IDENTITY } from './loopback.ts'
import { turnUntil } from './turn.ts'
import { UNDICI_VERSIONS } from './undici-versions.ts'

const EAGER = { takes: () => true }
const onread = DIRECT_READ as net.OnReadOpts

/** A socket that reads directly, and the other side of it. */
type Connect = (context: TestContext) => Promise<{ client: Socket; peer: Socket }>

const connectTcp: Connect = async (context) => {
  const { server, port } = await listen(context, net.createServer())
  const client = net.connect({ port, host: '127.0.0.1', onread })
  context.after(() => client.destroy())
  readDirectly(client, EAGER)
  const [peer] = (await once(server, 'connection')) as [Socket]
  return { client, peer }
}

const connectTls: Connect = async (context) => {
  const { server, port } = await listen(context, tls.createServer({ ...TEST_IDENTITY }))
  const options = { port, host: '127.0.0.1', ca: TEST_IDENTITY.cert, onread }
  const client = tls.connect(options)
  context.after(() => client.destroy())
  readDirectly(client, EAGER)
  const [peer] = (await once(server, 'secureConnection')) as [Socket]
  return { client, peer }
}

for (const [transport, connect] of Object.entries({ TCP: connectTcp, TLS: connectTls })) {
  it(`hands each chunk to whoever listens, past the buffer of the stream: ${transport}`, async (context) => {
    const { client, peer } = await connect(context)
    const chunks: Buffer[] = []
    client.on('readable', () => {
      assert.equal(client.readableLength, 0)
      for (let chunk = client.read(); chunk !== null; chunk = client.read()) chunks.push(chunk)
    })
    peer.write('first')
    await turnUntil(() => chunks.length === 1)
    peer.write('again')
    await turnUntil(() => chunks.length === 2)
    // Both were read into the same bytes.
    assert.deepEqual(chunks.map(String), ['first', 'again'])
    peer.end()
    await once(client, 'end')
  })

  it(`keeps what is not read at once, in order and within bounds: ${transport}`, async (context) => {
    const { client, peer } = await connect(context)
    const sent = Buffer.alloc(4_000_000, 'all that there is, in order; ')
    let isReading = false
    const chunks: Buffer[] = []
    const read = (): void => {
      if (!isReading) return
      for (let chunk = client.read(); chunk !== null; chunk = client.read()) chunks.push(chunk)
    }
    client.on('readable', read)
    peer.end(sent)
    await turnUntil(() => client.readableLength >= client.readableHighWaterMark)
    // Reading has stopped there, but for what one read brings.
    const { bytesRead } = client
    for (let count = 0; count < 10; count++) await new Promise(setImmediate)
    assert.equal(client.bytesRead, bytesRead)
    assert.ok(client.readableLength < client.readableHighWaterMark + 65_536)
    isReading = true
    read()
    await once(client, 'end')
    assert.ok(Buffer.concat(chunks).equals(sent))
  })

  it(`is an ordinary stream once it is let go: ${transport}`, async (context) => {
    const { client, peer } = await connect(context)
    client.on('readable', () => client.read())
    peer.write('first')
    await turnUntil(() => client.bytesRead > 0)
    client.removeAllListeners('readable')
    readAsUsual(client)
    const [chunk] = await Promise.all([once(client, 'data'), peer.write('again')])
    assert.equal(String(chunk[0]), 'again')
  })
}

for (const { name, undici } of UNDICI_VERSIONS) {
  it(`lets callers keep what they were given, whatever is read meanwhile: ${name}`, async (context) => {
    const bodies = ['a'.repeat(2000), 'b'.repeat(2000), 'c'.repeat(70_000)]
    let count = 0
    const { port } = await serveRaw(context, (socket) => {
      const body = bodies[count++ % bodies.length] as string
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    })
    const dispatcher = new KeepAliveDispatcher({ undici })
    context.after(() => dispatcher.destroy())
    const kept: Buffer[][] = []
    const keep = async (): Promise<void> => {
      const chunks: Buffer[] = []
      kept.push(chunks)
      const asked = { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' } as const
      const { body } = await dispatcher.request(asked)
      for await (const chunk of body) chunks.push(chunk)
    }
    for (const _body of bodies) await keep()
    await Promise.all(bodies.map(keep))
    const texts = kept.map((chunks) => Buffer.concat(chunks).toString())
    assert.deepEqual(texts.slice(0, 3), bodies)
    assert.deepEqual(new Set(texts.slice(3)), new Set(bodies))
  })
}

it('reads into one buffer where the system lets it', () => {
  assert.equal(DIRECT_READ === undefined, process.platform === 'win32')
})
