import { once } from 'node:events'
import type { ClientRequest } from 'node:http'
import process from 'node:process'
import { turn } from '../turn.ts'
import { WHEN_TOLD } from './order-server.ts'
import type { Scenario } from './scenario.ts'
import type { Asked, Stage } from './stage.ts'

const HEADERS_OF_TWO_BYTES = { 'content-length': '2' }

/** The kinds of request, by what they write and what comes back. */
const kindsOf = ({ log, server }: Stage): Readonly<Record<string, Asked>> => ({
  GET: {},
  HEAD: { method: 'HEAD', path: '/head' },
  'GET, no content': { path: '/no-content' },
  'POST at once': {
    method: 'POST',
    send: (request) => request.end('ab', () => log.mark('end callback')),
  },
  'POST in two writes': {
    method: 'POST',
    headers: HEADERS_OF_TWO_BYTES,
    send: (request) => {
      request.write('a', () => log.mark('first write callback'))
      request.write('b', () => log.mark('second write callback'))
      request.end(() => log.mark('end callback'))
    },
  },
  'POST over turns': {
    method: 'POST',
    // It is written at the end of a turn: its last write may be answered before it is reported.
    path: WHEN_TOLD,
    send: (request) => {
      sendOverTurns(request, log.mark.bind(log))
      request.once('finish', () => process.nextTick(() => server.answer?.()))
    },
  },
})

const sendOverTurns = (request: ClientRequest, mark: (entry: string) => void): void => {
  request.write('a', () => mark('first write callback'))
  request.once('socket', async (socket) => {
    // Once it is sent, so that the turns of a dial do not count.
    while (socket.connecting || request.writableLength > 0) await turn()
    request.write('b', () => mark('second write callback'))
    await turn()
    request.end(() => mark('end callback'))
  })
}

const KINDS = [
  ...['GET', 'HEAD', 'GET, no content'],
  ...['POST at once', 'POST in two writes', 'POST over turns'],
] as const

type Kind = (typeof KINDS)[number]

/**
 * Lets the server close once the request is over, if its client has not: when the end of a
 * connection comes is up to the peer, and no order of ours.
 */
const endAfter = ({ server }: Stage, request: ClientRequest): void => {
  request.once('close', () => server.end?.())
}

interface Way {
  readonly agent?: NonNullable<Scenario['agent']>
  readonly play: (stage: Stage, asked: Asked) => Promise<void> | void
}

/** The ways in which a request comes by its connection, and loses it. */
const WAYS: Readonly<Record<string, Way>> = {
  'on a fresh connection': {
    play: (stage, asked) => {
      stage.request('it', asked)
    },
  },
  'on an idle connection': {
    play: async (stage, asked) => {
      await stage.warmUp()
      stage.request('it', asked)
    },
  },
  "from the end of the first one's response": {
    play: async (stage, asked) => {
      stage.request('first', {
        onResponse: (response) => response.resume().on('end', () => stage.request('it', asked)),
      })
      await stage.until('it close')
    },
  },
  "from the first one's close": {
    play: async (stage, asked) => {
      stage.request('first').on('close', () => stage.request('it', asked))
      await stage.until('it close')
    },
  },
  "in the tick after the first one's close": {
    play: async (stage, asked) => {
      stage.request('first').on('close', () => {
        process.nextTick(() => stage.request('it', asked))
      })
      await stage.until('it close')
    },
  },
  "in the turn after the first one's close": {
    play: async (stage, asked) => {
      stage.request('first').on('close', () => setImmediate(() => stage.request('it', asked)))
      await stage.until('it close')
    },
  },
  "from a microtask after the first one's close": {
    play: async (stage, asked) => {
      await once(stage.request('first'), 'close')
      stage.request('it', asked)
    },
  },
  'beside another one': {
    play: (stage, asked) => {
      stage.request('first')
      stage.request('it', asked)
    },
  },
  'queued behind another one': {
    agent: { maxSockets: 1 },
    play: (stage, asked) => {
      stage.request('first')
      stage.request('it', asked)
    },
  },
  'queued behind the last one of a connection': {
    agent: { maxSockets: 1 },
    play: async (stage, asked) => {
      endAfter(stage, stage.request('first', { path: '/last' }))
      stage.request('it', asked)
      await stage.until('it close', 'socket 1 close')
    },
  },
  'last by the client': {
    play: async (stage, asked) => {
      const headers = { ...(asked.headers as object), connection: 'close' }
      endAfter(stage, stage.request('it', { ...asked, headers }))
      await stage.until('it close', 'socket 1 close')
    },
  },
  // Node's agent has no such limit: its client asks for what ours does by itself.
  'last by maxRequestsPerConnection': {
    agent: { policy: { maxRequestsPerConnection: 1 } },
    play: async (stage, asked) => {
      const isOurs = 'stats' in stage.agent
      const headers = { ...(asked.headers as object), connection: 'close' }
      endAfter(stage, stage.request('it', isOurs ? asked : { ...asked, headers }))
      await stage.until('it close', 'socket 1 close')
    },
  },
  'without keepAlive': {
    agent: { keepAlive: false },
    play: async (stage, asked) => {
      endAfter(stage, stage.request('it', asked))
      await stage.until('it close', 'socket 1 close')
    },
  },
}

const EXCHANGES: readonly Scenario[] = Object.entries(WAYS).flatMap(([way, { agent, play }]) =>
  KINDS.map(
    (kind: Kind): Scenario => ({
      name: `${kind}, ${way}`,
      ...(agent && { agent }),
      play: (stage) => play(stage, kindsOf(stage)[kind] as Asked),
    }),
  ),
)

/** What the last response of a connection brings, however it comes to be the last. */
const LAST_ONES: readonly Scenario[] = [
  {
    name: 'GET, last by the server, which closes',
    play: async (stage) => {
      endAfter(stage, stage.request('it', { path: '/last' }))
      await stage.until('it close', 'socket 1 close')
    },
  },
  {
    name: 'GET, last by the client, and the server only closes',
    play: async (stage) => {
      endAfter(
        stage,
        stage.request('it', { path: '/last-unsaid', headers: { connection: 'close' } }),
      )
      await stage.until('it close', 'socket 1 close')
    },
  },
  {
    name: 'POST, last by the server, which closes',
    play: async (stage) => {
      endAfter(
        stage,
        stage.request('it', { path: '/last', method: 'POST', send: (request) => request.end('a') }),
      )
      await stage.until('it close', 'socket 1 close')
    },
  },
  {
    name: 'GET, last by the server, on an idle connection',
    play: async (stage) => {
      await stage.warmUp()
      endAfter(stage, stage.request('it', { path: '/last' }))
      await stage.until('it close', 'socket 1 close')
    },
  },
]

/** Requests that are answered. */
export const EXCHANGE_SCENARIOS: readonly Scenario[] = [...EXCHANGES, ...LAST_ONES]
