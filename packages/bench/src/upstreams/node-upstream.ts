import http from 'node:http'
import process from 'node:process'
import { listen } from '../roles/listen.ts'
import {
  DEFAULT_BODY,
  type UpstreamCounts,
  type UpstreamDescription,
  type UpstreamServer,
} from './upstream-server.ts'

/**
 * Far above the pause between two slices of a variant: what an upstream closes on its own is
 * another experiment.
 */
const KEEP_ALIVE_TIMEOUT_MS = 600_000

/** Servers of this process, one a port, so that each participant has its own counts. */
export class NodeUpstream implements UpstreamServer {
  readonly description: UpstreamDescription
  readonly ports: readonly number[]
  readonly #listeners: readonly CountingListener[]

  static async open(ports: number): Promise<NodeUpstream> {
    const listeners = Array.from({ length: ports }, () => new CountingListener())
    const opened = await Promise.all(listeners.map(({ server }) => listen(server)))
    return new NodeUpstream(listeners, opened)
  }

  private constructor(listeners: readonly CountingListener[], ports: readonly number[]) {
    this.#listeners = listeners
    this.ports = ports
    this.description = {
      software: `Node ${process.versions.node}`,
      configuration: `keepAliveTimeout ${KEEP_ALIVE_TIMEOUT_MS}`,
    }
  }

  async counts(index: number): Promise<UpstreamCounts> {
    const listener = this.#listeners[index]
    if (listener === undefined) throw new RangeError(`no port ${index}`)
    const { requests, connections } = listener
    return await Promise.resolve({ requests, connections })
  }

  async close(): Promise<void> {
    for (const { server } of this.#listeners) {
      server.close()
      server.closeAllConnections()
    }
    await Promise.resolve()
  }
}

class CountingListener {
  requests = 0
  connections = 0
  readonly server: http.Server

  constructor() {
    const body = Buffer.from(DEFAULT_BODY)
    this.server = http.createServer(
      { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS },
      (_request, response) => {
        this.requests += 1
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': body.length,
        })
        response.end(body)
      },
    )
    this.server.on('connection', () => {
      this.connections += 1
    })
  }
}
