import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { listen } from './loopback.ts'
import { leaveTurn } from './turn.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

/** As much of a body as undici takes while nobody reads it. */
const BODY = 'x'.repeat(65_536)

/** How the response says where it ends. */
const FRAMINGS: Readonly<Record<string, readonly string[]>> = {
  'its length': [
    `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${BODY.length}\r\n\r\n`,
    BODY,
  ],
  'its last chunk': [
    'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n',
    `${BODY.length.toString(16)}\r\n${BODY}\r\n`,
    '0\r\n\r\n',
  ],
  'the end of the connection': ['HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', BODY],
}

const play = async (
  context: TestContext,
  undici: Undici,
  pieces: readonly string[],
): Promise<void> => {
  const sockets: Socket[] = []
  const server = createServer((accepted) => {
    sockets.push(accepted)
    accepted.once('data', () => {
      for (const piece of pieces) accepted.write(piece)
      accepted.end()
    })
  })
  const { port } = await listen(context, server)
  const dispatcher = new KeepAliveDispatcher({ undici })
  context.after(() => dispatcher.destroy())
  const { body } = await undici.request(`http://127.0.0.1:${port}`, { dispatcher })
  const [socket] = sockets as [Socket]
  // The end has been sent, and can have been read.
  if (!socket.writableFinished) await once(socket, 'finish')
  for (let count = 0; count < 5; count++) await leaveTurn()
  assert.equal(await body.text(), BODY)
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`a response that nobody reads as its connection ends, ${name}`, () => {
    for (const [framing, pieces] of Object.entries(FRAMINGS)) {
      it(`is kept whole that ends by ${framing}`, (context) =>
        play(context as TestContext, undici, pieces))
    }
  })
}
