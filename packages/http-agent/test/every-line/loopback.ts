import { on, once } from 'node:events'
import { readFileSync } from 'node:fs'
import http, { type RequestListener } from 'node:http'
import https from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** A server of a test on a port of the loopback, gone when the test is over. */
export interface LoopbackServer<Kind extends Server = Server> {
  readonly port: number
  readonly server: Kind
  /** The connections that are open, in the order in which they came. */
  readonly connections: ReadonlySet<Socket>
  /** How many connections there have ever been. */
  readonly connectionCount: () => number
}

// The compiled tests run from a folder of the same depth.
const fixture = (name: string): string =>
  readFileSync(new URL(`../../test/every-line/fixtures/${name}`, import.meta.url), 'utf8')

/** A certificate for `localhost`, `*.holdfast.test` and 127.0.0.1 that nobody but a test may trust. */
export const TEST_IDENTITY = {
  key: fixture('test-key.pem'),
  cert: fixture('test-certificate.pem'),
} as const

export const listen = async <Kind extends Server>(
  context: TestContext,
  server: Kind,
  path?: string,
): Promise<LoopbackServer<Kind>> => {
  const connections = new Set<Socket>()
  let connectionCount = 0
  server.on('connection', (socket: Socket) => {
    connectionCount++
    connections.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => connections.delete(socket))
  })
  context.after(() => {
    for (const socket of connections) socket.destroy()
    server.close()
  })
  if (path === undefined) server.listen(0, '127.0.0.1')
  else server.listen(path)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address as AddressInfo).port : 0
  return { port, server, connections, connectionCount: () => connectionCount }
}

const answerOk: RequestListener = (request, response) => {
  request.resume()
  request.on('end', () => response.end('ok'))
}

/** Serves HTTP; unless told otherwise it answers each request with `ok`, once that is complete. */
export const serveHttp = (
  context: TestContext,
  listener: RequestListener = answerOk,
): Promise<LoopbackServer<http.Server>> =>
  listen(context, http.createServer({ keepAliveTimeout: 0 }, listener))

export const serveHttps = (
  context: TestContext,
  listener: RequestListener = answerOk,
): Promise<LoopbackServer<https.Server>> =>
  listen(context, https.createServer({ ...TEST_IDENTITY, keepAliveTimeout: 0 }, listener))

/** Leaves the agent to be destroyed when the test is over. */
export const forTest = <Agent extends { readonly destroy: () => void }>(
  context: TestContext,
  agent: Agent,
): Agent => {
  context.after(() => agent.destroy())
  return agent
}

/** A request at its server, which the test answers when it wants to. */
export interface Arrival {
  readonly request: http.IncomingMessage
  readonly response: http.ServerResponse
}

/** Serves HTTP, and answers nothing by itself: `next` is the next request, in order of arrival. */
export const serveOnDemand = async (
  context: TestContext,
): Promise<LoopbackServer<http.Server> & { readonly next: () => Promise<Arrival> }> => {
  const server = await serveHttp(context, (request) => request.resume())
  const arrivals = on(server.server, 'request')
  const next = async (): Promise<Arrival> => {
    const { value } = await arrivals.next()
    const [request, response] = value as [http.IncomingMessage, http.ServerResponse]
    return { request, response }
  }
  return { ...server, next }
}
