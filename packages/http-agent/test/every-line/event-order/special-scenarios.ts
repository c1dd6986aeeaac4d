import { once } from 'node:events'
import http, { type ClientRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import type { Scenario } from './scenario.ts'
import type { Asked, Stage } from './stage.ts'

const STATES: Readonly<Record<string, (stage: Stage, start: () => void) => Promise<void> | void>> =
  {
    'on a fresh connection': (_stage, start) => start(),
    'on an idle connection': async (stage, start) => {
      await stage.warmUp()
      start()
    },
    'on a connection that has just been given back': async (stage, start) => {
      stage.request('first').once('close', () => process.nextTick(start))
      await stage.until('(it is made)')
    },
    'queued behind another one': (stage, start) => {
      stage.agent.maxSockets = 1
      stage.request('first')
      start()
    },
  }

const expecting: Asked = {
  method: 'POST',
  path: '/continue',
  headers: { expect: '100-continue', 'content-length': 2 },
  send: (request) => {
    request.flushHeaders()
    request.once('continue', () => request.end('ab'))
  },
}

const upgrading: Asked = {
  path: '/upgrade',
  headers: { connection: 'Upgrade', upgrade: 'test' },
  send: (request) => {
    request.once('upgrade', (_response, socket) => socket.end())
    request.end()
  },
}

const tunnelling: Asked = {
  method: 'CONNECT',
  path: 'tunnel:1',
  send: (request) => {
    request.once('connect', (_response, socket) => socket.end())
    request.end()
  },
}

/** A handler that does something to a request, and says whether that worked. */
const attempting =
  (mark: (entry: string) => void, name: string, act: (request: ClientRequest) => void) =>
  (request: ClientRequest): void => {
    try {
      act(request)
      mark(`(${name})`)
    } catch (error) {
      mark(`(${name} throws ${(error as NodeJS.ErrnoException).code})`)
    }
  }

/** What callers do to a request, or its socket, as soon as they have it. */
const acting = ({ log }: Stage): Readonly<Record<string, Asked>> => {
  const mark = log.mark.bind(log)
  const setHeader = attempting(mark, 'setHeader', (request) => request.setHeader('x-late', '1'))
  return {
    'setHeader at its socket, ended in the next tick': {
      send: (request) => {
        request.once('socket', () => setHeader(request))
        process.nextTick(() => request.end())
      },
    },
    'setHeader at its socket, body written in a later turn': {
      method: 'POST',
      send: (request) => {
        request.once('socket', () => setHeader(request))
        setImmediate(() => request.end('ab'))
      },
    },
    'setTimeout, setNoDelay and setSocketKeepAlive at once': {
      send: (request) => {
        request.once('socket', (socket) => {
          const { setNoDelay, setKeepAlive } = socket
          socket.setNoDelay = (value) => {
            mark(`setNoDelay(${value})`)
            return setNoDelay.call(socket, value)
          }
          socket.setKeepAlive = (enable, delay) => {
            // Whether and when an agent asks for it by itself, is no matter of order.
            if (delay === 12_345) mark(`setKeepAlive(${enable}, ${delay})`)
            return setKeepAlive.call(socket, enable, delay)
          }
        })
        request.setTimeout(54_321, () => undefined)
        request.setNoDelay(true)
        request.setSocketKeepAlive(true, 12_345)
        request.once('finish', () => mark(`timeout ${request.socket?.timeout}`))
        request.end()
      },
    },
    'setTimeout of the socket in its event': {
      send: (request) => {
        request.once('socket', (socket) => socket.setTimeout(54_321))
        request.once('finish', () => mark(`timeout ${request.socket?.timeout}`))
        request.end()
      },
    },
    'the timeout option': {
      timeout: 54_321,
      send: (request) => {
        request.once('finish', () => mark(`timeout ${request.socket?.timeout}`))
        request.end()
      },
    },
    'a time-out while the server is silent': {
      path: '/silence',
      send: (request) => {
        request.once('finish', () => request.setTimeout(20))
        request.once('timeout', () => request.destroy())
        request.end()
      },
    },
    'flushHeaders, and the body once there is a socket': {
      method: 'POST',
      send: (request) => {
        request.flushHeaders()
        request.once('socket', () => request.end('ab', () => mark('end callback')))
      },
    },
    'a body that is larger than the buffers': {
      method: 'POST',
      send: (request) => {
        request.write('x'.repeat(200_000), () => mark('first write callback'))
        request.once('drain', () => request.end('ab', () => mark('end callback')))
      },
    },
    'information before the response': { path: '/hints' },
    '100-continue': expecting,
    upgrade: upgrading,
    CONNECT: tunnelling,
  }
}

const ACTS = [
  'setHeader at its socket, ended in the next tick',
  'setHeader at its socket, body written in a later turn',
  'setTimeout, setNoDelay and setSocketKeepAlive at once',
  'setTimeout of the socket in its event',
  'the timeout option',
  'a time-out while the server is silent',
  'flushHeaders, and the body once there is a socket',
  'a body that is larger than the buffers',
  'information before the response',
  '100-continue',
  'upgrade',
  'CONNECT',
] as const

const ACTING: readonly Scenario[] = Object.entries(STATES).flatMap(([state, reach]) =>
  ACTS.map(
    (act): Scenario => ({
      name: `${act}, ${state}`,
      play: (stage) => reach(stage, () => stage.request('it', acting(stage)[act])),
    }),
  ),
)

/** A proxy that sets a header once its own request has a socket, as http-proxy does. */
const forward = (stage: Stage, count: () => number): http.Server =>
  http.createServer((incoming, outgoing) => {
    const name = `forwarded ${count()}`
    const { method } = incoming
    stage.request(name, {
      method: method as string,
      onResponse: (response) => response.pipe(outgoing),
      send: (request) => {
        const mark = stage.log.mark.bind(stage.log)
        const setHeader = attempting(mark, `setHeader of ${name}`, (each) =>
          each.setHeader('x', '1'),
        )
        request.once('socket', () => setHeader(request))
        incoming.on('end', () => mark(`(end of what ${name} forwards)`))
        incoming.pipe(request)
      },
    })
  })

const forwardTwo = async (stage: Stage, method: string): Promise<void> => {
  let count = 0
  const proxy = forward(stage, () => ++count).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  const agent = new http.Agent({ keepAlive: true })
  const ask = async (): Promise<void> => {
    const request = http.request({ host: '127.0.0.1', port, method, agent })
    request.end(method === 'POST' ? 'ab' : undefined)
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.resume()
    await once(request, 'close')
  }
  await ask()
  await ask()
  agent.destroy()
  proxy.close()
}

const FORWARDING: readonly Scenario[] = ['GET', 'POST'].map(
  (method): Scenario => ({
    name: `two ${method}s forwarded by a proxy that sets a header at the socket`,
    play: (stage) => forwardTwo(stage, method),
  }),
)

/** Requests that are more than a question and an answer, and callers that act early. */
export const SPECIAL_SCENARIOS: readonly Scenario[] = [...ACTING, ...FORWARDING]
