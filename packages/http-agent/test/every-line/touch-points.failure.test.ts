import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net, { type Socket } from 'node:net'
import { it, type TestContext } from 'node:test'
import { takeRequest } from '../../dist/node/internals/take-request.js'
import { listen } from './loopback.ts'
import type { NodeHandle, NodeRequest, NodeSocket } from './node-members.ts'
import { turn, turnUntil } from './turn.ts'

interface Pair {
  readonly client: NodeSocket
  readonly peer: Socket
  /** Everything that the peer has received. */
  readonly received: () => string
}

const connect = async (context: TestContext): Promise<Pair> => {
  const { server, port } = await listen(context, net.createServer())
  const client = net.connect(port, '127.0.0.1')
  context.after(() => client.destroy())
  const [[peer]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
    [Socket],
    unknown,
  ]
  let received = ''
  peer.on('data', (bytes) => {
    received += bytes.toString()
  })
  return { client: client as NodeSocket, peer, received: () => received }
}

/** A socket that its peer has reset, which the loop has not read yet. */
const connectReset = async (context: TestContext): Promise<NodeSocket> => {
  const { client, peer } = await connect(context)
  client.on('error', () => undefined)
  peer.resetAndDestroy()
  return client
}

const requestOn = (socket: Socket, options: http.RequestOptions = {}): NodeRequest => {
  class OneSocketAgent extends http.Agent {
    addRequest(request: NodeRequest): void {
      request.onSocket(socket)
    }
  }
  return http.request({
    ...options,
    agent: new OneSocketAgent({ keepAlive: true }),
  }) as NodeRequest
}

it('has failed when a write returns that the system refuses, and tells of it later', async (context) => {
  const client = await connectReset(context)
  const told: unknown[] = []
  client.write('x', (error) => told.push(error))
  assert.notEqual(client.errored, null)
  assert.equal(client.destroyed, false)
  assert.deepEqual(told, [])
  await turn()
  assert.deepEqual(told, [client.errored])
  assert.equal((client.errored as NodeJS.ErrnoException).syscall, 'write')
})

it('has failed when uncork returns where the system refuses what was corked', async (context) => {
  const client = await connectReset(context)
  client.cork()
  client.write('x')
  client.write(Buffer.from('y'))
  assert.equal(client.errored, null)
  assert.equal(client.writableCorked, 1)
  client.uncork()
  assert.notEqual(client.errored, null)
})

it('tells the callback of a write of its failure before it is destroyed by that', async (context) => {
  const client = await connectReset(context)
  const order: string[] = []
  const { destroy } = client
  client.destroy = (error) => {
    order.push(`destroy ${(error as NodeJS.ErrnoException | undefined)?.syscall}`)
    return destroy.call(client, error)
  }
  client.on('error', () => order.push('error'))
  client.write('x', () => order.push('callback'))
  await turnUntil(() => order.length === 3)
  assert.deepEqual(order, ['callback', 'destroy write', 'error'])
})

it('is destroyed by its own destroy, with the error of the system call, where a read fails', async (context) => {
  const client = await connectReset(context)
  const error = await new Promise<Error | undefined>((resolve) => {
    client.destroy = (reason) => {
      resolve(reason)
      return client
    }
    client.resume()
  })
  assert.equal((error as NodeJS.ErrnoException).syscall, 'read')
  assert.equal((error as NodeJS.ErrnoException).code, 'ECONNRESET')
})

it('emits the end of its stream later than it reads that', async (context) => {
  const { client, peer } = await connect(context)
  const handle = client._handle as NodeHandle
  const { onread } = handle
  let hasEnded = false
  client.on('end', () => {
    hasEnded = true
  })
  const ended = new Promise<boolean>((resolve) => {
    handle.onread = (bytes) => {
      onread?.call(handle, bytes as ArrayBuffer)
      resolve(hasEnded)
    }
  })
  client.resume()
  peer.end()
  assert.equal(await ended, false)
  await turn()
  assert.equal(hasEnded, true)
})

it('counts the bytes that its handle has been given', async (context) => {
  const { client } = await connect(context)
  client.write('12345')
  assert.equal(client._handle?.bytesWritten, 5)
})

it('forwards a time-out that a request asks for by a function of its own', async (context) => {
  const { client } = await connect(context)
  const request = requestOn(client, { timeout: 1000 })
  request.on('error', () => undefined)
  await once(request, 'socket')
  assert.ok(client.listeners('timeout').some((listener) => listener === request.timeoutCb))
})

for (const [ending, end] of [
  ['ends', (peer: Socket) => peer.end()],
  ['is reset', (peer: Socket) => peer.resetAndDestroy()],
] as const) {
  it(`lets a request be taken away before it hears that its socket ${ending}`, async (context) => {
    const [first, second] = [await connect(context), await connect(context)]
    const names: string[] = []
    const request = requestOn(first.client, { timeout: 60_000, method: 'POST' })
    for (const name of ['socket', 'finish', 'error', 'response', 'close', 'timeout']) {
      request.on(name, () => names.push(name))
    }
    request.end('body')
    await turnUntil(() => first.received().endsWith('body'))
    const text = first.received()
    takeRequest(first.client, request, [{ data: text, encoding: 'latin1', callback: null }])
    first.client.on('error', () => undefined)
    end(first.peer)
    await turnUntil(() => first.client.closed)
    assert.deepEqual(names, ['socket', 'finish'])
    assert.equal((first.client as unknown as { parser: unknown }).parser, null)
    request.onSocket(second.client)
    await turnUntil(() => second.received().endsWith('body'))
    assert.equal(second.received(), text)
    second.client.emit('timeout')
    second.peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    request.on('response', (response) => response.resume())
    await once(second.client, 'free')
    assert.deepEqual(names, ['socket', 'finish', 'socket', 'timeout', 'response', 'close'])
  })
}

it('notes in _hadError of its socket that it has heard of the error', async (context) => {
  const { client, peer } = await connect(context)
  const request = requestOn(client)
  let errorCount = 0
  request.on('error', () => {
    errorCount++
  })
  await once(request, 'socket')
  peer.resetAndDestroy()
  await turnUntil(() => request.closed)
  assert.equal((client as unknown as { readonly _hadError: boolean })._hadError, true)
  assert.equal(errorCount, 1)
})
