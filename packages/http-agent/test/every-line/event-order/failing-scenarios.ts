import net from 'node:net'
import type { Scenario } from './scenario.ts'
import type { Asked, Stage } from './stage.ts'

const BODIES: Readonly<Record<string, Asked>> = {
  GET: {},
  POST: { method: 'POST', send: (request) => request.end('ab') },
}

const ENDINGS: Readonly<Record<string, string>> = {
  'a FIN before the response': '/end',
  'a reset before the response': '/reset',
  'a FIN within the response': '/begin-and-end',
  'a reset within the response': '/begin-and-reset',
}

const STATES: Readonly<Record<string, (stage: Stage) => Promise<void> | void>> = {
  'on a fresh connection': () => undefined,
  'on an idle connection': (stage) => stage.warmUp(),
}

const BROKEN: readonly Scenario[] = Object.entries(ENDINGS).flatMap(([ending, path]) =>
  Object.entries(STATES).flatMap(([state, reach]) =>
    Object.entries(BODIES).map(
      ([method, asked]): Scenario => ({
        name: `${method} ${state}, ${ending}`,
        play: async (stage) => {
          await reach(stage)
          stage.request('it', { ...asked, path })
        },
      }),
    ),
  ),
)

/** A port on which nobody listens. */
const findClosedPort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => {
    server.once('listening', resolve)
  })
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}

const fail = new Error('no such host')

const UNREACHED: readonly Scenario[] = Object.entries(BODIES).flatMap(
  ([method, asked]): Scenario[] => [
    {
      name: `${method}, a refused connection`,
      play: async (stage) => {
        stage.request('it', { ...asked, port: await findClosedPort() })
      },
    },
    {
      name: `${method}, a lookup that fails at once`,
      play: (stage) => {
        stage.request('it', {
          ...asked,
          host: 'x.test',
          lookup: (_host, _options, answer) => answer(fail, '', 4),
        })
      },
    },
    {
      name: `${method}, a lookup that fails later`,
      play: (stage) => {
        stage.request('it', {
          ...asked,
          host: 'x.test',
          lookup: (_host, _options, answer) => setImmediate(() => answer(fail, '', 4)),
        })
      },
    },
    {
      name: `${method}, createConnection that calls back with an error`,
      play: (stage) => {
        stage.agent.createConnection = (_options, answer) => {
          setImmediate(() => answer?.(fail, undefined as never))
          return undefined as never
        }
        stage.request('it', asked)
      },
    },
  ],
)

/** Requests that something goes wrong with. */
export const FAILING_SCENARIOS: readonly Scenario[] = [...BROKEN, ...UNREACHED]
