import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import process from 'node:process'
import { listen } from '../roles/listen.ts'
import { LOOPBACK_CERTIFICATE } from './loopback-certificate.ts'
import { ServerTally } from './server-tally.ts'
import type { ServerOptions } from './upstream.ts'
import type {
  ConnectionUses,
  PortGroup,
  PortPlan,
  UpstreamCounts,
  UpstreamDescription,
  UpstreamServer,
} from './upstream-server.ts'

/** HTTP servers of this process, one for each port. */
export class NodeUpstream implements UpstreamServer {
  readonly description: UpstreamDescription
  readonly groups: readonly PortGroup[]
  readonly #tallies: readonly ServerTally[]
  readonly #servers: readonly http.Server[]

  static async open(plan: PortPlan, options: ServerOptions<'node'>): Promise<NodeUpstream> {
    const tallies = Array.from({ length: plan.groups }, () => new ServerTally())
    const servers = tallies.map((tally) =>
      Array.from({ length: plan.portsPerGroup }, () => createServer(plan.tls, options, tally)),
    )
    const groups = await Promise.all(servers.map((group) => Promise.all(group.map(listen))))
    return new NodeUpstream(tallies, servers.flat(), groups, options)
  }

  private constructor(
    tallies: readonly ServerTally[],
    servers: readonly http.Server[],
    groups: readonly PortGroup[],
    options: ServerOptions<'node'>,
  ) {
    this.#tallies = tallies
    this.#servers = servers
    this.groups = groups
    this.description = {
      software: `Node ${process.versions.node}`,
      configuration: Object.entries(options)
        .map(([key, value]) => `${key} ${value}\n`)
        .join(''),
      countsUnused: true,
    }
  }

  async counts(group: number): Promise<UpstreamCounts> {
    const { requests, connections } = this.#tally(group)
    return await Promise.resolve({ requests, connections })
  }

  async uses(group: number): Promise<ConnectionUses> {
    return await Promise.resolve(this.#tally(group).uses())
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

function createServer(
  tls: boolean,
  options: ServerOptions<'node'>,
  tally: ServerTally,
): http.Server {
  const { keepAliveTimeoutMs, maxRequests, close } = options
  const resets = close === 'reset'
  const settings: http.ServerOptions = {
    keepAliveTimeout: resets ? 0 : keepAliveTimeoutMs,
    // Newer lines of Node wait this much longer than they announce.
    ...{ keepAliveTimeoutBuffer: 0 },
  }
  const answer = answerOf(options)
  const respond: http.RequestListener = (request, response) => {
    tally.requested(request.socket)
    if (resets) resetWhenIdle(request.socket, response, keepAliveTimeoutMs)
    answer(request, response)
  }
  const server = tls
    ? https.createServer({ ...settings, ...readCertificate() }, respond)
    : http.createServer(settings, respond)
  // With a listener Node leaves it to us to end the connection.
  if (resets) server.on('timeout', (socket: Socket) => socket.resetAndDestroy())
  server.maxRequestsPerSocket = maxRequests
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => tally.connected(socket))
  return server
}

function answerOf({
  bodyBytes,
  delayMs,
  hint,
  close,
}: ServerOptions<'node'>): http.RequestListener {
  const body = Buffer.alloc(bodyBytes, 'held fast, as always. ')
  const headers = {
    'content-type': 'text/plain',
    'content-length': body.length,
    // Node announces its time-out only where it sets this header itself.
    ...(hint && close === 'fin' ? {} : { connection: 'keep-alive' }),
  }
  const respond = (response: http.ServerResponse): void => {
    response.writeHead(200, headers)
    response.end(body)
  }
  return (request, response) => {
    // The body has to be read before the connection can be used again.
    request.resume()
    if (delayMs === 0) respond(response)
    else setTimeout(respond, delayMs, response)
  }
}

function resetWhenIdle(socket: Socket, response: http.ServerResponse, idleMs: number): void {
  socket.setTimeout(0)
  response.once('finish', () => socket.setTimeout(idleMs))
}

function readCertificate(): { readonly cert: Buffer; readonly key: Buffer } {
  const { certificateFile, keyFile } = LOOPBACK_CERTIFICATE
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
}
