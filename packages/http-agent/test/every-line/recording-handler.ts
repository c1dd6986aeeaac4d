import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'

/** What a handler has heard, in order, in the words of the controller API. */
export type Heard =
  | readonly ['start']
  | readonly ['response', number]
  | readonly ['data', string]
  | readonly ['end', Readonly<Record<string, unknown>>]
  | readonly ['upgrade', number]
  | readonly ['error', string]

/** Records what it hears, and does what the test wants to be done in each call. */
export interface Recorder {
  readonly heard: Heard[]
  readonly handler: Dispatcher.DispatchHandler
  /** Kept when nothing comes any more. */
  readonly done: Promise<void>
  readonly abort: (reason: Error) => void
  readonly resume: () => void
  readonly socket: () => Duplex | undefined
}

/** What the test does from within a call; `false` pauses. */
export interface Reactions {
  readonly start?: (abort: (reason: Error) => void) => void
  readonly response?: () => boolean
  readonly data?: () => boolean
}

export type HandlerKind = 'a controller' | 'legacy callbacks'
export const HANDLER_KINDS: readonly HandlerKind[] = ['a controller', 'legacy callbacks']

class State {
  readonly heard: Heard[] = []
  readonly done: Promise<void>
  abort: (reason: Error) => void = () => undefined
  resume: () => void = () => undefined
  socket: Duplex | undefined
  finish: () => void = () => undefined

  constructor() {
    this.done = new Promise((resolve) => {
      this.finish = resolve
    })
  }

  last(heard: Heard): void {
    this.heard.push(heard)
    this.finish()
  }
}

const byController = (state: State, reactions: Reactions): Dispatcher.DispatchHandler => ({
  onRequestStart: (controller) => {
    state.heard.push(['start'])
    state.abort = (reason) => controller.abort(reason)
    state.resume = () => controller.resume()
    reactions.start?.(state.abort)
  },
  onResponseStart: (controller, statusCode) => {
    state.heard.push(['response', statusCode])
    if (reactions.response?.() === false) controller.pause()
  },
  onResponseData: (controller, chunk) => {
    state.heard.push(['data', chunk.toString()])
    if (reactions.data?.() === false) controller.pause()
  },
  onResponseEnd: (_controller, trailers) => state.last(['end', { ...trailers }]),
  onResponseError: (_controller, error) => state.last(['error', error.message]),
  onRequestUpgrade: (_controller, statusCode, _headers, socket) => {
    state.socket = socket
    state.last(['upgrade', statusCode])
  },
})

const trailersOf = (raw: readonly unknown[]): Record<string, string> =>
  Object.fromEntries(
    raw.flatMap((name, index) => (index % 2 === 0 ? [[String(name), String(raw[index + 1])]] : [])),
  )

const byCallbacks = (state: State, reactions: Reactions): Dispatcher.DispatchHandler =>
  ({
    onConnect: (abort: (reason: Error) => void) => {
      state.heard.push(['start'])
      state.abort = abort
      reactions.start?.(abort)
    },
    onHeaders: (statusCode: number, _headers: Buffer[], resume: () => void) => {
      state.heard.push(['response', statusCode])
      state.resume = resume
      return reactions.response?.() ?? true
    },
    onData: (chunk: Buffer) => {
      state.heard.push(['data', chunk.toString()])
      return reactions.data?.() ?? true
    },
    onComplete: (trailers: Buffer[]) => state.last(['end', trailersOf(trailers ?? [])]),
    onError: (error: Error) => state.last(['error', error.message]),
    onUpgrade: (statusCode: number, _headers: Buffer[], socket: Duplex) => {
      state.socket = socket
      state.last(['upgrade', statusCode])
    },
  }) as unknown as Dispatcher.DispatchHandler

export const recordBy = (kind: HandlerKind, reactions: Reactions = {}): Recorder => {
  const state = new State()
  const make = kind === 'a controller' ? byController : byCallbacks
  return {
    heard: state.heard,
    handler: make(state, reactions),
    done: state.done,
    abort: (reason) => state.abort(reason),
    resume: () => state.resume(),
    socket: () => state.socket,
  }
}
