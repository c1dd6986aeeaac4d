import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { TEST_IDENTITY } from './loopback.ts'

/** A server at one of several addresses. */
export interface NamedServer {
  readonly address: string
  readonly server: http.Server
  /** The connections that are open. */
  readonly open: ReadonlySet<Socket>
  connectionCount: number
  requestCount: number
  /** The names that TLS was asked for. */
  readonly serverNames: unknown[]
}

type Listener = (address: string, ...exchange: Parameters<http.RequestListener>) => void

const answerWithAddress: Listener = (address, request, response) => {
  request.resume()
  request.on('end', () => response.end(address))
}

const serveAt = (
  context: TestContext,
  address: string,
  isSecure: boolean,
  listener: Listener,
): NamedServer => {
  const open = new Set<Socket>()
  const onRequest: http.RequestListener = (request, response) => {
    named.requestCount++
    named.serverNames.push((request.socket as { servername?: unknown }).servername)
    listener(address, request, response)
  }
  const named: NamedServer = {
    address,
    open,
    connectionCount: 0,
    requestCount: 0,
    serverNames: [],
    server: isSecure
      ? https.createServer({ ...TEST_IDENTITY, keepAliveTimeout: 0 }, onRequest)
      : http.createServer({ keepAliveTimeout: 0 }, onRequest),
  }
  named.server.on('connection', (socket: Socket) => {
    named.connectionCount++
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
  })
  context.after(() => {
    for (const socket of open) socket.destroy()
    named.server.close()
  })
  return named
}

const isListening = async (server: Server, port: number, address: string): Promise<boolean> => {
  server.listen(port, address)
  try {
    await once(server, 'listening')
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** Serves HTTP at the same port of several addresses; each answers with its address. */
export const serveAtAll = async (
  context: TestContext,
  addresses: readonly string[],
  isSecure = false,
  listener = answerWithAddress,
): Promise<{ readonly port: number; readonly servers: NamedServer[] }> => {
  while (true) {
    const servers = addresses.map((address) => serveAt(context, address, isSecure, listener))
    let port = 0
    let isComplete = true
    for (const { address, server } of servers) {
      isComplete &&= await isListening(server, port, address)
      if (!isComplete) break
      port = portOf(server)
    }
    if (isComplete) return { port, servers }
    // Somebody else has the port at one of the addresses.
    for (const { server } of servers) server.close()
  }
}

/** A port of an address that answers nothing, until it is opened. */
export interface BlackHole {
  /** From now on it answers; the system asks again after a second. */
  readonly open: () => void
}

const BLACK_HOLE = `
  const http = require('node:http')
  const { parentPort, workerData } = require('node:worker_threads')
  const { port, address, lock } = workerData
  const server = http.createServer((request, response) => response.end(address))
  server.listen({ port, host: address, backlog: 1 }, () => {
    parentPort.postMessage('listening')
    Atomics.wait(lock, 0, 0)
  })`

/**
 * A port of an address that answers nothing: its listener has more connections than it takes, and
 * accepts none of them, so that the system drops further ones.
 */
export const openBlackHole = async (
  context: TestContext,
  port: number,
  address: string,
): Promise<BlackHole> => {
  const lock = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(BLACK_HOLE, { eval: true, workerData: { port, address, lock } })
  const fillers: Socket[] = []
  context.after(async () => {
    for (const socket of fillers) socket.destroy()
    await worker.terminate()
  })
  await once(worker, 'message')
  // The queue takes one more than its length; what does not fit in is left connecting.
  for (let count = 0; count < 4; count++) {
    const socket = connect({ port, host: address })
    socket.on('error', () => undefined)
    fillers.push(socket)
    if (count < 2) await once(socket, 'connect')
  }
  return {
    open: () => {
      Atomics.store(lock, 0, 1)
      Atomics.notify(lock, 0)
    },
  }
}

/** A resolver of a test, which counts what it is asked. */
export interface ScriptedResolver {
  readonly lookup: NonNullable<http.RequestOptions['lookup']>
  readonly calls: string[]
  /** What it answers with; an error, or nothing at all where it is `undefined`. */
  answer: readonly string[] | Error | undefined
}

export const scriptedResolver = (...addresses: readonly string[]): ScriptedResolver => {
  const resolver: ScriptedResolver = {
    calls: [],
    answer: addresses,
    lookup: (host, { all }, callback) => {
      resolver.calls.push(host)
      const { answer } = resolver
      if (answer === undefined) return
      setImmediate(() => {
        if (answer instanceof Error) {
          callback(answer, '')
          return
        }
        const entries = answer.map((address) => ({
          address,
          family: address.includes(':') ? 6 : 4,
        }))
        if (all === true) callback(null, entries)
        else callback(null, entries[0]?.address ?? '', entries[0]?.family)
      })
    },
  }
  return resolver
}
