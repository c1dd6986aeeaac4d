import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import cloneDeep from 'lodash.clonedeep'
import { serveHttp } from './loopback.ts'
import { turn } from './turn.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

type Make = (dispatcher: KeepAliveDispatcher) => KeepAliveDispatcher

/** What stands in the place of a dispatcher. */
const STAND_INS: Readonly<Record<string, Make>> = {
  itself: (dispatcher) => dispatcher,
  'a Proxy': (dispatcher) => new Proxy(dispatcher, {}),
  'a Proxy of a Proxy': (dispatcher) => new Proxy(new Proxy(dispatcher, {}), {}),
  'an object that inherits from it': (dispatcher) => Object.create(dispatcher),
  'a deep copy within options': (dispatcher) => cloneDeep({ dispatcher }).dispatcher,
  'what compose makes of it': (dispatcher) => dispatcher.compose((dispatch) => dispatch),
}

const play = async (context: TestContext, undici: Undici, make: Make): Promise<void> => {
  const { port } = await serveHttp(context)
  const url = `http://127.0.0.1:${port}`
  const original = new KeepAliveDispatcher({ undici })
  context.after(() => original.destroy())
  const dispatcher = make(original)
  assert.equal((await dispatcher.warm(url, 1)).idleCount, 1)
  const { body } = await undici.request(url, { dispatcher })
  assert.equal(await body.text(), 'ok')
  assert.equal(dispatcher.stats().leases, 1)
  assert.equal(dispatcher.inspect().length, 1)
  assert.equal(original.stats().leases, 1)
  assert.equal(dispatcher.webSocketOptions.maxFragments, 131_072)
  await assert.rejects(dispatcher.drain({ timeoutMs: -1 }))
  assert.equal(dispatcher.closed, false)
  assert.equal((await dispatcher.drain({ timeoutMs: 1000 })).outcome, 'completed')
  assert.equal(original.closed, true)
  await dispatcher.close()
  assert.equal(original.destroyed, true)
  await dispatcher.destroy()
}

const collect = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`works through ${name}`, () => {
    for (const [standIn, make] of Object.entries(STAND_INS)) {
      it(standIn, (context) => play(context as TestContext, undici, make))
    }
  })

  describe(`can be collected, ${name}`, () => {
    for (const ending of ['close', 'destroy'] as const) {
      it(`after ${ending}`, async (context) => {
        const { port } = await serveHttp(context as TestContext)
        const use = async (): Promise<WeakRef<KeepAliveDispatcher>> => {
          const dispatcher = new KeepAliveDispatcher({ undici })
          const { body } = await undici.request(`http://127.0.0.1:${port}`, { dispatcher })
          await body.text()
          await dispatcher[ending]()
          return new WeakRef(dispatcher)
        }
        const gone = await use()
        const gc = collect()
        for (let count = 0; gone.deref() !== undefined && count < 100; count++) {
          await turn()
          gc()
        }
        assert.equal(gone.deref(), undefined)
      })
    }
  })
}
