import type { ClientRequest, IncomingMessage } from 'node:http'
import process from 'node:process'
import { turn } from '../turn.ts'
import type { Scenario } from './scenario.ts'
import type { Asked, Stage } from './stage.ts'

/** A request of the scenario, and what can be given up of it. */
interface Subject {
  readonly request: ClientRequest
  readonly controller: AbortController
}

type GiveUp = (subject: Subject) => void

const WAYS: Readonly<Record<string, GiveUp>> = {
  'destroy()': ({ request }) => request.destroy(),
  'destroy(error)': ({ request }) => request.destroy(new Error('given up')),
  'abort()': ({ request }) => request.abort(),
  'a signal': ({ controller }) => controller.abort(),
}

/** When a request is given up; `then` does so. */
type Point = (request: ClientRequest, then: () => void) => void

const onResponse =
  (act: (response: IncomingMessage, then: () => void) => void): Point =>
  (request, then) => {
    request.once('response', (response: IncomingMessage) => act(response, then))
  }

const EARLY_POINTS: Readonly<Record<string, Point>> = {
  'at once': (_request, then) => then(),
  'in the next tick': (_request, then) => process.nextTick(then),
}

const POINTS: Readonly<Record<string, Point>> = {
  ...EARLY_POINTS,
  'at its socket': (request, then) => request.once('socket', then),
  'in the tick after its socket': (request, then) => {
    request.once('socket', () => process.nextTick(then))
  },
  'when it is written': (request, then) => request.once('finish', then),
  'in the turn after it is written': (request, then) => {
    request.once('finish', () => setImmediate(then))
  },
  "at the response's head": onResponse((_response, then) => then()),
  'within the response': onResponse((response, then) => response.once('data', then)),
}

const COMPLETE_POINTS: Readonly<Record<string, Point>> = {
  "at the response's end": onResponse((response, then) => response.once('end', then)),
  "in the tick after the response's end": onResponse((response, then) => {
    response.once('end', () => process.nextTick(then))
  }),
  "at the response's close": onResponse((response, then) => response.once('close', then)),
  'at its close': (request, then) => request.once('close', then),
}

const pathOf = (point: string): string => {
  if (point in COMPLETE_POINTS) return '/ok'
  return point.includes('response') ? '/begin' : '/silence'
}

const begin = (stage: Stage, point: string, giveUp: GiveUp, asked: Asked = {}): ClientRequest => {
  const controller = new AbortController()
  const at = POINTS[point] ?? COMPLETE_POINTS[point]
  return stage.request('it', {
    path: pathOf(point),
    signal: controller.signal,
    ...asked,
    send: (request) => {
      request.end(asked.method === 'POST' ? 'ab' : undefined)
      at?.(request, () => {
        stage.log.mark('(given up)')
        giveUp({ request, controller })
      })
    },
  })
}

type State = (stage: Stage, start: () => void) => Promise<void> | void

const STATES: Readonly<Record<string, State>> = {
  'on a fresh connection': (_stage, start) => start(),
  'on an idle connection': async (stage, start) => {
    await stage.warmUp()
    start()
  },
  'on a connection that has just been given back': async (stage, start) => {
    stage.request('first').once('close', () => process.nextTick(start))
    await stage.until('it close')
  },
}

/** Some are safe to be sent again, some are not. */
const METHODS: Readonly<Record<keyof typeof WAYS, string>> = {
  'destroy()': 'POST',
  'destroy(error)': 'GET',
  'abort()': 'GET',
  'a signal': 'POST',
}

/** Requests that are given up once they have a connection, or are about to have one. */
export const GIVEN_UP_SCENARIOS: readonly Scenario[] = Object.entries(STATES).flatMap(
  ([state, reach]) =>
    Object.keys({ ...POINTS, ...COMPLETE_POINTS }).flatMap((point) =>
      Object.entries(WAYS).map(([way, giveUp]): Scenario => {
        const method = METHODS[way] as string
        return {
          name: `${method} ${state}, ${way} ${point}`,
          play: (stage) => reach(stage, () => begin(stage, point, giveUp, { method })),
        }
      }),
    ),
)

const TWICE: readonly Scenario[] = Object.keys(POINTS).map(
  (point): Scenario => ({
    name: `GET on a fresh connection, destroy() twice ${point}`,
    play: (stage) => {
      begin(stage, point, ({ request }) => request.destroy().destroy())
    },
  }),
)

const QUEUED_POINTS: Readonly<Record<string, Point>> = {
  ...EARLY_POINTS,
  'in a later turn': (_request, then) => setImmediate(then),
}

const QUEUED: readonly Scenario[] = Object.entries(QUEUED_POINTS).flatMap(([point, at]) =>
  Object.entries(WAYS).map(
    ([way, giveUp]): Scenario => ({
      name: `queued, ${way} ${point}`,
      agent: { maxSockets: 1 },
      play: async (stage) => {
        const controller = new AbortController()
        const first = stage.request('first', {
          method: 'POST',
          send: (each) => each.write('a', () => stage.log.mark('(first is under way)')),
        })
        await stage.until('(first is under way)')
        stage.request('it', {
          signal: controller.signal,
          send: (request) => {
            request.end()
            at(request, () => {
              stage.log.mark('(given up)')
              giveUp({ request, controller })
            })
          },
        })
        await stage.until('(given up)')
        await turn()
        stage.log.mark('(the turn after)')
        first.end('b')
      },
    }),
  ),
)

const RESPONSE_WAYS: Readonly<Record<string, (response: IncomingMessage) => void>> = {
  'response.destroy()': (response) => response.destroy(),
  'response.destroy(error)': (response) => response.destroy(new Error('given up')),
  'socket.destroy()': (response) => response.socket.destroy(),
  'socket.destroy(error)': (response) => response.socket.destroy(new Error('given up')),
  'socket.end()': (response) => response.socket.end(),
}

const RESPONSE_POINTS: Readonly<
  Record<string, (response: IncomingMessage, then: () => void) => void>
> = {
  'at its head': (_response, then) => then(),
  'at its data': (response, then) => response.once('data', then),
}

const BY_RESPONSE: readonly Scenario[] = Object.entries(RESPONSE_WAYS).flatMap(([way, giveUp]) =>
  Object.entries(RESPONSE_POINTS).flatMap(([point, at]) =>
    // Once a response is complete, nobody listens to an error of its socket for a moment.
    (way === 'socket.destroy(error)' ? ['/begin'] : ['/begin', '/ok']).map(
      (path): Scenario => ({
        name: `${way} ${point}, ${path === '/ok' ? 'a complete one' : 'which goes on'}`,
        play: (stage) => {
          stage.request('it', {
            path,
            onResponse: (response) => {
              response.resume()
              at(response, () => {
                stage.log.mark('(given up)')
                giveUp(response)
              })
            },
          })
        },
      }),
    ),
  ),
)

/** Requests that are given up while they are queued, by way of their response, and twice. */
export const GIVEN_UP_OTHERWISE_SCENARIOS: readonly Scenario[] = [
  ...TWICE,
  ...QUEUED,
  ...BY_RESPONSE,
]
