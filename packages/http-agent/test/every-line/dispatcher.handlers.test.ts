import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { playWithEachHandler, Stage, serveRaw } from './dispatcher-stage.ts'
import { listen, serveHttp, serveOnDemand } from './loopback.ts'
import { turn, turnUntil } from './turn.ts'

playWithEachHandler({
  'is told of a response in order': async (context, setting) => {
    const { port } = await serveHttp(context)
    const { heard, done } = new Stage(context, setting).send(port)
    await done
    assert.deepEqual(heard, [['start'], ['response', 200], ['data', 'ok'], ['end', {}]])
  },

  'is told of provisional responses and of trailers': async (context, setting) => {
    const { port } = await serveRaw(context, (socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n')
      socket.write('2\r\nok\r\n0\r\nSum: 7\r\n\r\n')
    })
    const stage = new Stage(context, setting)
    const { heard, done } = stage.send(port)
    await done
    assert.deepEqual(heard[1], ['response', 103])
    assert.deepEqual(heard[2], ['response', 200])
    const last = heard.at(-1) as ['end', Record<string, string>]
    assert.equal(last[0], 'end')
    assert.deepEqual(
      Object.entries(last[1]).map(([name, value]) => `${name.toLowerCase()}=${value}`),
      ['sum=7'],
    )
    assert.equal((await stage.settled()).idle, 1)
  },

  'pauses a response, and has it go on': async (context, setting) => {
    const { port } = await serveHttp(context, (_request, response) => {
      response.end('x'.repeat(1_000_000))
    })
    let calls = 0
    const stage = new Stage(context, setting)
    const recorder = stage.send(
      port,
      {},
      {
        response: () => false,
        data: () => {
          calls++
          return false
        },
      },
    )
    await turnUntil(() => recorder.heard.length === 2)
    for (let count = 0; count < 20; count++) await turn()
    assert.equal(calls, 0)
    let bytes = 0
    const timer = setInterval(() => recorder.resume(), 1)
    await recorder.done
    clearInterval(timer)
    for (const [what, chunk] of recorder.heard) if (what === 'data') bytes += String(chunk).length
    assert.equal(bytes, 1_000_000)
    assert.ok(calls > 2, `paused ${calls} times`)
    assert.equal((await stage.settled()).idle, 1)
  },

  'aborts from within the start, and leaves the connection alone': async (context, setting) => {
    const { port, connectionCount } = await serveHttp(context)
    const stage = new Stage(context, setting)
    await stage.send(port).done
    const { heard, done } = stage.send(port, {}, { start: (abort) => abort(new Error('enough')) })
    await done
    assert.deepEqual(heard, [['start'], ['error', 'enough']])
    await stage.send(port).done
    assert.equal(connectionCount(), 1)
  },

  'aborts while it waits for a dial': async (context, setting) => {
    const { port } = await serveHttp(context)
    const stage = new Stage(context, setting)
    const { heard, done, abort } = stage.send(port)
    assert.deepEqual(heard, [['start']])
    abort(new Error('enough'))
    assert.deepEqual(heard, [['start'], ['error', 'enough']])
    await done
    // The dial ends with its request; whoever comes next has one of its own.
    await stage.send(port).done
    const { closes, dials, dialFailures } = stage.dispatcher.stats()
    assert.deepEqual(
      { closes, dials, dialFailures },
      { closes: { aborted: 1 }, dials: 2, dialFailures: 0 },
    )
  },

  'aborts while it waits for a place': async (context, setting) => {
    const server = await serveOnDemand(context)
    const stage = new Stage(context, setting, { connections: 1 })
    const first = stage.send(server.port)
    const { response } = await server.next()
    const second = stage.send(server.port)
    second.abort(new Error('enough'))
    assert.deepEqual(second.heard, [['start'], ['error', 'enough']])
    response.end()
    await first.done
    assert.equal(first.heard.at(-1)?.[0], 'end')
    assert.equal(server.connectionCount(), 1)
  },

  'aborts before the response': async (context, setting) => {
    const server = await serveOnDemand(context)
    const stage = new Stage(context, setting)
    const recorder = stage.send(server.port)
    await server.next()
    recorder.abort(new Error('enough'))
    await recorder.done
    assert.deepEqual(recorder.heard, [['start'], ['error', 'enough']])
    assert.equal((await stage.settled()).closes.aborted, 1)
  },

  'aborts within the response': async (context, setting) => {
    const { port } = await serveHttp(context, (_request, response) => response.write('part'))
    const stage = new Stage(context, setting)
    const recorder = stage.send(port)
    await turnUntil(() => recorder.heard.length === 3)
    recorder.abort(new Error('enough'))
    await recorder.done
    assert.deepEqual(recorder.heard, [
      ['start'],
      ['response', 200],
      ['data', 'part'],
      ['error', 'enough'],
    ])
    assert.equal((await stage.settled()).closes.aborted, 1)
  },

  'gets the socket of an upgrade, and of CONNECT': async (context, setting) => {
    const server = http.createServer()
    const echo = (
      _request: http.IncomingMessage,
      socket: { write: (text: string) => void; pipe: (to: unknown) => void },
    ): void => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n',
      )
      socket.pipe(socket)
    }
    server.on('upgrade', echo as never)
    server.on('connect', ((_request: unknown, socket: Socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(socket)
    }) as never)
    const { port } = await listen(context, server)
    const stage = new Stage(context, setting)
    for (const options of [{ upgrade: 'echo' }, { method: 'CONNECT' as const, path: 'a:1' }]) {
      const recorder = stage.send(port, options)
      await recorder.done
      assert.equal(recorder.heard.at(-1)?.[0], 'upgrade')
      const socket = recorder.socket()
      socket?.write('hello')
      const [chunk] = (await once(socket as Socket, 'data')) as [Buffer]
      assert.equal(String(chunk), 'hello')
      socket?.destroy()
    }
    const { idle, leased } = stage.dispatcher.stats()
    assert.deepEqual({ idle, leased }, { idle: 0, leased: 0 })
  },

  'is told of a request that undici finds malformed, and of nothing else': async (
    context,
    setting,
  ) => {
    const { port, connectionCount } = await serveHttp(context)
    const stage = new Stage(context, setting)
    await stage.send(port).done
    for (const options of [
      { path: 'no-slash' },
      { headers: { 'transfer-encoding': 'chunked' } },
      { method: 'A B' as 'GET' },
    ]) {
      const { heard, done } = stage.send(port, options)
      await done
      assert.equal(heard.at(-1)?.[0], 'error')
    }
    await stage.send(port).done
    assert.equal(connectionCount(), 1)
  },

  'is told that the body broke while it waited': async (context, setting) => {
    const server = await serveOnDemand(context)
    const stage = new Stage(context, setting, { connections: 1 })
    const first = stage.send(server.port)
    const { response } = await server.next()
    const body = new Readable({ read: () => undefined })
    const second = stage.send(server.port, { method: 'POST', body })
    body.destroy(new Error('broken'))
    await second.done
    assert.deepEqual(second.heard, [['start'], ['error', 'broken']])
    response.end()
    await first.done
  },

  'never uses the connection of a HEAD again, as undici': async (context, setting) => {
    const { port, connectionCount } = await serveHttp(context)
    const stage = new Stage(context, setting)
    for (let count = 0; count < 3; count++) {
      await stage.send(port, { method: 'HEAD' }).done
      await stage.settled()
    }
    assert.equal(connectionCount(), 3)
  },
})
