import assert from 'node:assert/strict'
import { stat } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { TEST_IDENTITY } from './loopback.ts'
import { type Ending, type ScriptedServer, startScriptedServer } from './scripted-server.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

/** Where in the turn of the event loop the loop is blocked and the request is made. */
const CONTEXTS: Readonly<Record<string, (run: () => void) => void>> = {
  'a timer': (run) => setTimeout(run, 1),
  'an I/O callback': (run) => stat('/', run),
  'a microtask': (run) => setTimeout(() => Promise.resolve().then(run), 1),
  setImmediate: (run) => setImmediate(run),
}

/** Longer than a connection is idle that is used again without a look at its socket. */
const CLOSE_AFTER_MS = 10
const REQUESTS_EACH = 4

const serve = async (context: TestContext, isSecure: boolean): Promise<ScriptedServer> => {
  const server = await startScriptedServer(isSecure)
  context.after(() => server.close())
  return server
}

interface Scene {
  readonly undici: Undici
  readonly dispatcher: Dispatcher
  readonly url: string
  readonly server: ScriptedServer
}

const ask = async ({ undici, dispatcher, url }: Scene, method: string): Promise<number> => {
  const { statusCode, body } = await undici.request(url, {
    dispatcher,
    method: method as Dispatcher.HttpMethod,
    ...(method === 'POST' ? { body: 'body' } : {}),
  } as Parameters<Undici['request']>[1])
  await body.text()
  return statusCode
}

/** Blocks the loop while the peer ends the idle connection, and asks at once. */
const askAfterBlock = async (
  scene: Scene,
  ending: Ending,
  enter: (run: () => void) => void,
  method: string,
): Promise<number> => {
  await ask(scene, 'GET')
  await delay(3)
  return await new Promise((resolve, reject) => {
    enter(() => {
      scene.server.blockUntil(ending, CLOSE_AFTER_MS)
      ask(scene, method).then(resolve, reject)
    })
  })
}

/** How many of so many requests fail after a block. */
const countFailures = async (
  scene: Scene,
  ending: Ending,
  enter: (run: () => void) => void,
  trials: number,
): Promise<number> => {
  let failures = 0
  for (let count = 0; count < trials; count++) {
    try {
      await askAfterBlock(scene, ending, enter, count % 2 === 0 ? 'POST' : 'GET')
    } catch {
      failures++
    }
  }
  return failures
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`a connection that the peer ended while the loop was blocked, ${name}`, () => {
    for (const ending of ['fin', 'reset'] as const) {
      for (const [origin, enter] of Object.entries(CONTEXTS)) {
        for (const staleCheck of ['peek', 'fence'] as const) {
          it(`is not used: ${ending}, from ${origin}, by ${staleCheck}`, async (context) => {
            const server = await serve(context, false)
            // How long a connection is idle here is the machine's affair, and nothing to be learned from.
            const policy = { staleCheck, learnIdleLimit: false }
            const dispatcher = new KeepAliveDispatcher({ undici, policy })
            const url = `http://127.0.0.1:${server.port}/`
            const scene = { undici, dispatcher, url, server }
            assert.equal(await countFailures(scene, ending, enter, REQUESTS_EACH), 0)
            const { closes } = dispatcher.stats()
            const reason = ending === 'fin' ? 'peer_fin' : 'peer_reset'
            assert.deepEqual(closes, { [reason]: REQUESTS_EACH })
            await dispatcher.destroy()
          })
        }
      }

      it(`is not used with TLS either: ${ending}`, async (context) => {
        const server = await serve(context, true)
        const connect = { ca: TEST_IDENTITY.cert, servername: 'localhost' }
        const dispatcher = new KeepAliveDispatcher({ undici, connect })
        const url = `https://127.0.0.1:${server.port}/`
        const enter = CONTEXTS['an I/O callback'] as (run: () => void) => void
        const scene = { undici, dispatcher, url, server }
        assert.equal(await countFailures(scene, ending, enter, REQUESTS_EACH), 0)
        await dispatcher.destroy()
      })
    }

    it('is used by the Agent of undici, which fails', async (context) => {
      const server = await serve(context, false)
      const dispatcher = new undici.Agent()
      const url = `http://127.0.0.1:${server.port}/`
      const scene = { undici, dispatcher, url, server }
      const enter = CONTEXTS['an I/O callback'] as (run: () => void) => void
      assert.equal(await countFailures(scene, 'reset', enter, 4), 4)
      await dispatcher.destroy()
    })
  })
}
