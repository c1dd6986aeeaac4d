import { once } from 'node:events'
import net from 'node:net'
import { performance } from 'node:perf_hooks'

/** Script of a server on one connection. */
export interface Script {
  /** Response to the request of this number, from 1; null: none ever. */
  readonly answer: (request: number) => string | null
  /** Action, this long after each response that no further request has followed. */
  readonly whenIdle?: { readonly afterMs: number; readonly act: Act }
  /** Time after the last response from which on a request gets neither answer nor sign. */
  readonly forgetsAfterMs?: number
}

/** Action on a connection that has had so many requests. */
export type Act = (socket: net.Socket, requests: number) => void

export const closes = (socket: net.Socket): void => {
  socket.destroy()
}

export const resets = (socket: net.Socket): void => {
  socket.resetAndDestroy()
}

/** Sends a FIN and goes on reading. */
export const halfCloses = (socket: net.Socket): void => {
  socket.end()
}

/** A response of two bytes, with further header lines. */
export function okResponse(...lines: readonly string[]): string {
  return ['HTTP/1.1 200 OK', 'Content-Length: 2', ...lines, '', 'ok'].join('\r\n')
}

/** Server on the loopback that does what a good one would not. */
export class ScriptedHttpServer implements AsyncDisposable {
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()
  /** All requests, of all connections. */
  requests = 0
  connections = 0

  private constructor(script: Script) {
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) =>
      this.#serve(socket, script),
    )
  }

  static async start(
    script: Script,
    { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
  ): Promise<ScriptedHttpServer> {
    const server = new ScriptedHttpServer(script)
    server.#server.listen(port, host)
    await once(server.#server, 'listening')
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: net.Socket, script: Script): void {
    const { answer, whenIdle, forgetsAfterMs = Number.POSITIVE_INFINITY } = script
    let lastMs = Number.POSITIVE_INFINITY
    let requests = 0
    let idle: NodeJS.Timeout | undefined
    this.connections += 1
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('end', () => socket.end())
    socket.on('close', () => clearTimeout(idle))
    socket.on('data', (bytes) => {
      // The probe sends a request in one piece, and empty lines only after the end.
      if (!bytes.toString('latin1').endsWith('\r\n\r\n')) return
      requests += 1
      this.requests += 1
      clearTimeout(idle)
      const isRemembered = performance.now() - lastMs < forgetsAfterMs
      const response = isRemembered ? answer(requests) : null
      if (response !== null && socket.writable) socket.write(response)
      lastMs = performance.now()
      if (whenIdle === undefined) return
      idle = setTimeout(() => whenIdle.act(socket, requests), whenIdle.afterMs)
    })
  }
}
