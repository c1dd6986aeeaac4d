import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import type { RequestFailure } from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { OK, serveRaw } from './dispatcher-stage.ts'

/** Serves one request, and loses the next one, which has arrived. */
const failureOf = async (
  context: TestContext,
  method: 'POST' | 'PUT',
): Promise<Partial<RequestFailure>> => {
  let requests = 0
  const { port } = await serveRaw(context, (socket) => {
    requests++
    if (requests === 2) socket.destroy()
    else socket.write(OK)
  })
  const dispatcher = new KeepAliveDispatcher()
  context.after(() => dispatcher.destroy())
  const ask = async (): Promise<string> => {
    const origin = `http://127.0.0.1:${port}`
    const { body } = await dispatcher.request({ origin, path: '/', method, body: 'x' })
    return body.text()
  }
  assert.equal(await ask(), 'ok')
  return ask().then(
    () => assert.fail('it was answered'),
    (error) => error,
  )
}

it('a POST that was written is not called safe to make again', async (context) => {
  const {
    bytesWritten = 0,
    reusedSocket,
    safeToRetry,
  } = await failureOf(context as TestContext, 'POST')
  assert.ok(bytesWritten > 0, `${bytesWritten} bytes`)
  assert.deepEqual({ reusedSocket, safeToRetry }, { reusedSocket: true, safeToRetry: false })
})

it('a PUT is, although it was written', async (context) => {
  const { bytesWritten = 0, safeToRetry } = await failureOf(context as TestContext, 'PUT')
  assert.ok(bytesWritten > 0, `${bytesWritten} bytes`)
  assert.equal(safeToRetry, true)
})
