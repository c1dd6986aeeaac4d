import type { EventEmitter } from 'node:events'
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

const REQUEST_EVENTS = [
  ...['socket', 'prefinish', 'finish', 'drain', 'continue', 'information', 'response', 'upgrade'],
  ...['connect', 'abort', 'timeout', 'error', 'close'],
]
const RESPONSE_EVENTS = ['data', 'end', 'aborted', 'error', 'close']
const SOCKET_EVENTS = [
  ...['lookup', 'connect', 'ready', 'secureConnect', 'free', 'agentRemove', 'timeout'],
  ...['end', 'finish', 'error', 'close'],
]

const nameOf = (event: string, value: unknown): string => {
  if (event !== 'error') return event
  const { code, message } = value as NodeJS.ErrnoException
  return `error ${code ?? message}`
}

/**
 * What a client sees of its requests, in the order in which it comes. The log stands in for `emit`:
 * a listener of its own might change what happens.
 */
export class EventLog {
  readonly entries: string[] = []
  readonly #sockets: Socket[] = []
  readonly #open: Set<string> = new Set()
  #isOver = false

  /** What the scenario itself does or waits for. */
  mark(entry: string): void {
    if (!this.#isOver) this.entries.push(entry)
  }

  has(entry: string): boolean {
    return this.entries.includes(entry)
  }

  /** Nothing is written down any more. */
  end(): readonly string[] {
    this.#isOver = true
    return this.entries
  }

  watchAgent(agent: Agent): void {
    // Where nobody listens, an agent need not say it.
    agent.on('free', () => undefined)
    this.#watch('agent', agent, ['free'])
  }

  watchRequest(name: string, request: ClientRequest): void {
    this.#open.add(name)
    this.#watch(name, request, REQUEST_EVENTS)
    request.once('response', (response: IncomingMessage) => {
      this.#watch(`${name} response`, response, RESPONSE_EVENTS)
    })
    request.once('close', () => this.#open.delete(name))
  }

  watchSocket(socket: Socket): void {
    this.#sockets.push(socket)
    this.#watch(`socket ${this.#sockets.length}`, socket, SOCKET_EVENTS)
  }

  /** Whether each request is over, and no socket is about to open or to close. */
  get isSettled(): boolean {
    return this.#open.size === 0 && this.#sockets.every((socket) => this.#isAtRest(socket))
  }

  #isAtRest(socket: Socket & { readonly secureConnecting?: boolean }): boolean {
    if (socket.destroyed) return socket.closed
    if (socket.connecting || socket.secureConnecting === true) return false
    return !(socket.writableEnded || socket.readableEnded)
  }

  #watch(name: string, emitter: EventEmitter, events: readonly string[]): void {
    const { emit } = emitter
    emitter.emit = (event: string | symbol, ...values: unknown[]): boolean => {
      if (typeof event === 'string' && events.includes(event)) {
        const entry = `${name} ${nameOf(event, values[0])}`
        // How a body is cut into pieces is nobody's order.
        if (event !== 'data' || this.entries.at(-1) !== entry) this.mark(entry)
      }
      return emit.call(emitter, event, ...values)
    }
  }
}
