import http from 'node:http'
import { answerCommands } from './answer-commands.ts'
import { listen } from './listen.ts'

/**
 * Far above the pause between two slices of a variant: what an upstream closes on its own is
 * another experiment.
 */
const KEEP_ALIVE_TIMEOUT_MS = 600_000

const BODY = Buffer.from('{"message":"held fast, as always"}')

/** One participant's upstream: its own port, so its own port space, and its own counts. */
class CountingListener {
  requests = 0
  connections = 0
  readonly server: http.Server = http.createServer(
    { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS },
    (_request, response) => {
      this.requests += 1
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length })
      response.end(BODY)
    },
  )

  constructor() {
    this.server.on('connection', () => {
      this.connections += 1
    })
  }
}

const listeners = new Map<string, CountingListener>()

answerCommands({
  listen: async ({ participants }) => {
    const ports: Record<string, number> = {}
    for (const participant of participants) {
      const listener = new CountingListener()
      listeners.set(participant, listener)
      ports[participant] = await listen(listener.server)
    }
    return { kind: 'listen', ports }
  },
  count: ({ participant }) => {
    const listener = listeners.get(participant)
    if (listener === undefined) throw new Error(`no listener for ${participant}`)
    return { kind: 'count', requests: listener.requests, connections: listener.connections }
  },
})
