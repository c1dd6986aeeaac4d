import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { OK, type RawServer, serveRaw } from './raw-server.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

const store = new AsyncLocalStorage<string>()

/** What is published of the requests to a server: `/path in context`, one for each attempt. */
const record = (context: TestContext, server: RawServer): string[] => {
  const attempts: string[] = []
  const note = (message: unknown): void => {
    const { request } = message as { request: { origin: string; path: string } }
    if (!request.origin.endsWith(`:${server.port}`)) return
    attempts.push(`${request.path} in ${store.getStore()}`)
  }
  subscribe('undici:request:create', note)
  context.after(() => unsubscribe('undici:request:create', note))
  return attempts
}

type Ask = (path: string, method?: Dispatcher.HttpMethod) => Promise<string>

/** Requests are made in an async context that is named after their path. */
const asking =
  (undici: Undici, server: RawServer, dispatcher: Dispatcher): Ask =>
  (path, method = 'GET') =>
    store.run(path, async () => {
      const options = { dispatcher, method, ...(method === 'POST' ? { body: 'body' } : {}) }
      const url = `http://127.0.0.1:${server.port}${path}`
      const { body } = await undici.request(url, options as Parameters<Undici['request']>[1])
      return await body.text()
    })

interface Scene {
  readonly options?: KeepAliveDispatcherOptions
  /** Ends the first connection with its second request, instead of answering. */
  readonly fail?: (socket: Socket) => void
  readonly run: (ask: Ask) => Promise<unknown>
  readonly attempts: readonly string[]
}

const SCENES: Readonly<Record<string, Scene>> = {
  'on a fresh connection, and on a reused one': {
    run: async (ask) => {
      await ask('/one')
      await ask('/two')
    },
    attempts: ['/one in /one', '/two in /two'],
  },
  'where it cannot be sent again, and waits for the loop to turn': {
    run: async (ask) => {
      await ask('/one')
      await ask('/two', 'POST')
    },
    attempts: ['/one in /one', '/two in /two'],
  },
  'where it waits for want of a place': {
    options: { connections: 1 },
    run: (ask) => Promise.all([ask('/one'), ask('/two'), ask('/three', 'POST')]),
    attempts: ['/one in /one', '/two in /two', '/three in /three'],
  },
  'where it is sent again after a FIN': {
    fail: (socket) => socket.end(),
    run: async (ask) => {
      await ask('/one')
      await ask('/two')
    },
    attempts: ['/one in /one', '/two in /two', '/two in /two'],
  },
  'where it is sent again after an RST': {
    fail: (socket) => socket.resetAndDestroy(),
    run: async (ask) => {
      await ask('/one')
      await ask('/two')
    },
    attempts: ['/one in /one', '/two in /two', '/two in /two'],
  },
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`each attempt begins in the async context of its request, ${name}`, () => {
    for (const [what, { options, fail, run, attempts }] of Object.entries(SCENES)) {
      it(what, async (context) => {
        const server = await serveRaw(
          context as TestContext,
          false,
          ({ socket, connection, index }) => {
            if (fail !== undefined && connection === 1 && index === 2) fail(socket)
            else socket.write(OK)
          },
        )
        const dispatcher = new KeepAliveDispatcher({ undici, ...options })
        context.after(() => dispatcher.destroy())
        const seen = record(context as TestContext, server)
        await run(asking(undici, server, dispatcher))
        assert.deepEqual(seen, attempts)
      })
    }
  })
}
