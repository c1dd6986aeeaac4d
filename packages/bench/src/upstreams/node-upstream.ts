import http from 'node:http'
import process from 'node:process'
import { listen } from '../roles/listen.ts'
import { ServerTally } from './server-tally.ts'
import {
  type ConnectionUses,
  DEFAULT_BODY,
  type PortGroup,
  type PortPlan,
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
  readonly groups: readonly PortGroup[]
  readonly #tallies: readonly ServerTally[]
  readonly #servers: readonly http.Server[]

  static async open({ groups, portsPerGroup }: PortPlan): Promise<NodeUpstream> {
    const tallies = Array.from({ length: groups }, () => new ServerTally())
    const servers = tallies.map((tally) =>
      Array.from({ length: portsPerGroup }, () => createServer(tally)),
    )
    const opened = await Promise.all(servers.map((group) => Promise.all(group.map(listen))))
    return new NodeUpstream(tallies, servers.flat(), opened)
  }

  private constructor(
    tallies: readonly ServerTally[],
    servers: readonly http.Server[],
    groups: readonly PortGroup[],
  ) {
    this.#tallies = tallies
    this.#servers = servers
    this.groups = groups
    this.description = {
      software: `Node ${process.versions.node}`,
      configuration: `keepAliveTimeout ${KEEP_ALIVE_TIMEOUT_MS}`,
    }
  }

  async counts(group: number): Promise<UpstreamCounts> {
    const { requests, connections } = this.#tally(group)
    return await Promise.resolve({ requests, connections })
  }

  uses(group: number): ConnectionUses {
    return this.#tally(group).uses()
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.close()
      server.closeAllConnections()
    }
    await Promise.resolve()
  }

  #tally(group: number): ServerTally {
    const tally = this.#tallies[group]
    if (tally === undefined) throw new RangeError(`no group ${group}`)
    return tally
  }
}

function createServer(tally: ServerTally): http.Server {
  const body = Buffer.from(DEFAULT_BODY)
  const server = http.createServer(
    { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS },
    (request, response) => {
      tally.requested(request.socket)
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': body.length,
      })
      response.end(body)
    },
  )
  server.on('connection', (socket) => tally.connected(socket))
  return server
}
