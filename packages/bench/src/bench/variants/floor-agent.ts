import type { ClientRequest } from 'node:http'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'

type DialOptions = net.TcpNetConnectOpts & tls.ConnectionOptions

type Dial = (options: DialOptions) => net.Socket

/**
 * Stack of idle sockets to one server. They are neither checked nor limited, and nothing waits for
 * them.
 */
class SocketStack {
  readonly #dial: Dial
  readonly #idle: net.Socket[] = []
  readonly #open = new Set<net.Socket>()

  constructor(dial: Dial) {
    this.#dial = dial
  }

  give(request: ClientRequest, options: DialOptions): void {
    request.onSocket(this.#idle.pop() ?? this.#opened(options))
  }

  destroy(): void {
    for (const socket of this.#open) socket.destroy()
  }

  /** Opens a socket with all its listeners, so that a request adds none. */
  #opened(options: DialOptions): net.Socket {
    // Node's options name the path of the request, which a socket takes for that of a Unix socket.
    const socket = this.#dial({ ...options, path: undefined, noDelay: true })
    this.#open.add(socket)
    socket.on('free', () => this.#free(socket))
    socket.on('close', () => this.#closed(socket))
    // An error of a socket in use is that of its request; an idle socket's concerns nobody.
    socket.on('error', () => undefined)
    return socket
  }

  #free(socket: net.Socket & { _httpMessage?: unknown }): void {
    // An idle socket would otherwise hold its last request, which weighs more than the socket.
    socket._httpMessage = null
    this.#idle.push(socket)
  }

  #closed(socket: net.Socket): void {
    this.#open.delete(socket)
    const index = this.#idle.indexOf(socket)
    if (index !== -1) this.#idle.splice(index, 1)
  }
}

/**
 * Agent that pops and pushes a stack of sockets: the least that an agent costs beside Node's
 * request.
 */
export class FloorHttpAgent extends http.Agent {
  readonly #sockets = new SocketStack(net.connect)

  constructor() {
    super({ keepAlive: true })
  }

  addRequest(request: ClientRequest, options: DialOptions): void {
    this.#sockets.give(request, options)
  }

  override destroy(): void {
    this.#sockets.destroy()
  }
}

/** Agent like {@link FloorHttpAgent}, over TLS. */
export class FloorHttpsAgent extends https.Agent {
  readonly #sockets = new SocketStack(tls.connect)

  constructor() {
    super({ keepAlive: true })
  }

  addRequest(request: ClientRequest, options: DialOptions): void {
    this.#sockets.give(request, options)
  }

  override destroy(): void {
    this.#sockets.destroy()
  }
}
