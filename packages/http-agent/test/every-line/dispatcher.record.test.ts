import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KeepAliveDispatcher, requestRecord } from '@holdfast/http-agent/undici'
import { OK, serveRaw } from './dispatcher-stage.ts'
import { UNDICI_VERSIONS } from './undici-versions.ts'

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`an error of a request through ${name}`, () => {
    it('is left as it is where the caller made it', async (context) => {
      const { port } = await serveRaw(context, () => undefined)
      const dispatcher = new KeepAliveDispatcher({ undici })
      context.after(() => dispatcher.destroy())
      const abort = new AbortController()
      const reason = new Error('enough')
      const asked = undici.request(`http://127.0.0.1:${port}/`, {
        dispatcher,
        signal: abort.signal,
      })
      abort.abort(reason)
      await assert.rejects(asked, reason)
      assert.deepEqual(Object.keys(reason), [])
    })
  })

  it(`the controller of a handler leads to the record of its request: ${name}`, async (context) => {
    const { port } = await serveRaw(context, (socket) => socket.write(OK))
    const dispatcher = new KeepAliveDispatcher({ undici })
    context.after(() => dispatcher.destroy())
    const states: (string | undefined)[] = []
    const controller = await new Promise<object>((resolve, reject) => {
      dispatcher.dispatch(
        { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' },
        {
          onRequestStart: (given) => states.push(requestRecord(given)?.state),
          onResponseStart: (given) => states.push(requestRecord(given)?.state),
          onResponseData: () => undefined,
          onResponseEnd: (given) => resolve(given),
          onResponseError: (_given, error) => reject(error),
        },
      )
    })
    const record = requestRecord(controller)
    assert.deepEqual(states, ['asked', 'answering'])
    assert.equal(record?.state, 'done')
    assert.equal(record.connectionId, 1)
    assert.equal(record.waitedMs, record.queueMs + record.dialMs)
    assert.ok(Number(record.firstByteMs) >= 0)
    assert.equal(requestRecord({}), undefined)
  })
}
