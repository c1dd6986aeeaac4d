import { createServer, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { listen } from './loopback.ts'
import {
  HANDLER_KINDS,
  type HandlerKind,
  type Reactions,
  type Recorder,
  recordBy,
} from './recording-handler.ts'
import { turnUntil } from './turn.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

export interface Setting {
  readonly undici: Undici
  readonly kind: HandlerKind
}

/** A dispatcher of the test, with what most of the scenarios need. */
export class Stage {
  readonly dispatcher: KeepAliveDispatcher
  readonly #kind: HandlerKind

  constructor(
    context: TestContext,
    { undici, kind }: Setting,
    options?: KeepAliveDispatcherOptions,
  ) {
    this.#kind = kind
    this.dispatcher = new KeepAliveDispatcher({ undici, ...options })
    context.after(() => this.dispatcher.destroy())
  }

  send(
    port: number,
    options: Partial<Dispatcher.DispatchOptions> = {},
    reactions: Reactions = {},
  ): Recorder {
    const recorder = recordBy(this.#kind, reactions)
    this.dispatcher.dispatch(
      { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET', ...options },
      recorder.handler,
    )
    return recorder
  }

  async settled(): Promise<ReturnType<KeepAliveDispatcher['stats']>> {
    await turnUntil(() => this.dispatcher.stats().leased + this.dispatcher.stats().closing === 0)
    return this.dispatcher.stats()
  }
}

/** Writes what it is told to, whatever is asked. */
export const serveRaw = (
  context: TestContext,
  answer: (socket: Socket) => void,
): ReturnType<typeof listen> =>
  listen(
    context,
    createServer((socket) => {
      socket.on('data', () => answer(socket))
    }),
  )

/** A response of two bytes. */
export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

export type Scenario = (context: TestContext, setting: Setting) => Promise<void>

/** Plays scenarios with handlers of each kind, on each undici. */
export const playWithEachHandler = (scenarios: Readonly<Record<string, Scenario>>): void => {
  for (const { name, undici } of UNDICI_VERSIONS) {
    for (const kind of HANDLER_KINDS) {
      describe(`a handler with ${kind}, on ${name}`, () => {
        for (const [what, run] of Object.entries(scenarios)) {
          it(what, (context) => run(context as TestContext, { undici, kind }))
        }
      })
    }
  }
}
