import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { OK, playWithEachHandler, Stage, serveRaw } from './dispatcher-stage.ts'

playWithEachHandler({
  'is told once of a failure in a response, which is not repeated': async (context, setting) => {
    let requests = 0
    const { port } = await serveRaw(context, (socket) => {
      requests++
      if (requests === 1) socket.write(OK)
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart')
    })
    const stage = new Stage(context, setting)
    await stage.send(port).done
    const { heard, done } = stage.send(port)
    await done
    assert.deepEqual(
      heard.map(([what]) => what),
      ['start', 'response', 'data', 'error'],
    )
    assert.equal(requests, 2)
    assert.equal((await stage.settled()).closes.error, 1)
  },

  'starts once although a safe request is sent again': async (context, setting) => {
    let requests = 0
    const { port } = await serveRaw(context, (socket) => {
      requests++
      // The second request arrives, and is lost with its connection.
      if (requests === 2) socket.resetAndDestroy()
      else socket.write(OK)
    })
    const stage = new Stage(context, setting)
    await stage.send(port).done
    const { heard, done } = stage.send(port)
    await done
    assert.deepEqual(heard, [['start'], ['response', 200], ['data', 'ok'], ['end', {}]])
    assert.equal(requests, 3)
  },

  'does not send a POST again that has arrived': async (context, setting) => {
    let requests = 0
    const { port } = await serveRaw(context, (socket) => {
      requests++
      if (requests === 2) socket.destroy()
      else socket.write(OK)
    })
    const stage = new Stage(context, setting)
    await stage.send(port).done
    const { heard, done } = stage.send(port, { method: 'POST', body: 'x' })
    await done
    assert.deepEqual(
      heard.map(([what]) => what),
      ['start', 'error'],
    )
    assert.equal(requests, 2)
  },

  'sends a POST with an Idempotency-Key again, and no body that is a stream': async (
    context,
    setting,
  ) => {
    let requests = 0
    const { port } = await serveRaw(context, (socket) => {
      requests++
      if (requests % 3 === 2) socket.destroy()
      else socket.write(OK)
    })
    const stage = new Stage(context, setting)
    const headers = { 'Idempotency-Key': '1' }
    await stage.send(port).done
    const keyed = stage.send(port, { method: 'POST', body: 'x', headers })
    await keyed.done
    assert.equal(keyed.heard.at(-1)?.[0], 'end')
    await stage.send(port).done
    const streamed = stage.send(port, { method: 'POST', body: Readable.from(['x']), headers })
    await streamed.done
    assert.equal(streamed.heard.at(-1)?.[0], 'error')
    assert.equal(requests, 5)
  },

  'goes on to a fresh connection where an HTTP/1.0 server closes without a word': async (
    context,
    setting,
  ) => {
    const { port } = await serveRaw(context, (socket) => {
      socket.end('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    const stage = new Stage(context, setting, { connections: 2 })
    const recorders = Array.from({ length: 20 }, () =>
      stage.send(port, { method: 'POST', body: 'x' }),
    )
    await Promise.all(recorders.map(({ done }) => done))
    assert.deepEqual(
      recorders.map(({ heard }) => heard.at(-1)?.[0]),
      Array.from({ length: 20 }, () => 'end'),
    )
  },

  'closes where the response came before the request was complete': async (context, setting) => {
    const { port } = await serveRaw(context, (socket) => socket.write(OK))
    const stage = new Stage(context, setting)
    const body = new Readable({ read: () => undefined })
    body.push('begin')
    const { heard, done } = stage.send(port, { method: 'POST', body })
    await done
    assert.equal(heard.at(-1)?.[0], 'end')
    assert.equal((await stage.settled()).closes.early_response, 1)
  },
})
