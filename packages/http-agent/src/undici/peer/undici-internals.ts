import type { Client, Dispatcher } from 'undici'
import { ignore } from '../../driver/ignore.ts'
import type { UndiciModule } from './undici-module.ts'

/*
 * Everything of undici that is recognised by a text, a symbol or an order of calls. Its documentation
 * names none of it; `dispatcher.internals.test.ts` holds each of it against undici 7 and 8.
 */

type CodedError = Error & { readonly code?: unknown }

const codeOf = (error: Error | undefined): unknown => (error as CodedError | undefined)?.code

/**
 * The messages of a socket that its peer has closed (`lib/dispatcher/client-h1.js`, `onHttpSocketEnd`,
 * `onHttpSocketClose`).
 *
 * @why A request that lost its connection to the peer may be sent again; for other errors of a socket, which
 * have the same code, it may not.
 * @instead A code of its own for a connection that the peer has closed.
 */
const PEER_CLOSED: ReadonlySet<string> = new Set(['other side closed', 'closed'])

/**
 * The message with which a client closes its socket after the last response (`client-h1.js`,
 * `onMessageComplete`).
 *
 * @why The socket then waits for its peer to close first, instead of being destroyed.
 * @instead A code of its own, or `reset: true` that leaves the socket to its connector.
 */
const LAST_RESPONSE = 'reset'

/**
 * The complaint of a client about a handler without methods, where it takes handlers of the old kind
 * (`core/request.js`).
 *
 * @why Clients of undici 7 take handlers with `onConnect`, those of undici 8 handlers with
 * `onRequestStart`. The version of a module that is handed in is not known.
 * @instead `undici.version`.
 */
const OLD_KIND_COMPLAINT = 'invalid onConnect method'

/**
 * The description of the symbol by which undici's own dispatchers call each other, past `dispatch`
 * (`core/symbols.js`).
 *
 * @why A `ProxyAgent` without tunnels calls its `factory` by it, which has to be refused with a reason.
 * @instead `dispatch` that is called as by anybody else.
 */
const DISPATCH = 'dispatch'

/**
 * The description of the symbol under which an `Agent` keeps its clients by origin (`core/symbols.js`).
 *
 * @why A `MockAgent` puts its mocks into that map of the dispatcher that it is given.
 * @instead A `MockAgent` that asks for mocks before it dispatches.
 */
const CLIENTS = 'clients'

/** Whether the peer has closed the socket. */
export const isPeerClose = (error: Error | undefined): boolean =>
  codeOf(error) === 'UND_ERR_SOCKET' && PEER_CLOSED.has((error as Error).message)

/** Whether a client has ended its socket after the last response, and not given it up. */
export const isLastResponseEnd = (error: Error | undefined): boolean =>
  isGivenUp(error) && (error as Error).message === LAST_RESPONSE

/** Whether a client closes its socket for a reason of its own. */
export const isGivenUp = (error: Error | undefined): boolean => codeOf(error) === 'UND_ERR_INFO'

/** Whether bytes came without a request, or are no response. */
export const isStrayError = (error: Error | undefined): boolean => {
  const code = codeOf(error)
  return code === 'UND_ERR_SOCKET' || (typeof code === 'string' && code.startsWith('HPE_'))
}

/**
 * Whether a client cannot take the socket that it has just been given: it destroys the socket without
 * a word, and tells the request why (`client.js`, `connect`).
 *
 * @why The error would be lost otherwise, and the pool would dial again.
 * @instead An error that the socket is destroyed with.
 */
export const isSocketRefused = (isBeingGiven: boolean, error: Error | undefined): boolean =>
  isBeingGiven && error === undefined

/** Makes a client that never connects, to check requests. */
const createIdleClient = (undici: UndiciModule): Client =>
  new undici.Client('http://localhost', { connect: ignore as never })

/** An object that is no handler of either kind. */
const NO_HANDLER = {} as Dispatcher.DispatchHandler

const WELL_FORMED: Dispatcher.DispatchOptions = { path: '/', method: 'GET' }

/**
 * The complaint of a client about a request without a handler, which it checks last
 * (`core/request.js`). Nothing of such a request is published or sent.
 *
 * @why A malformed request has to fail at once, although it waits for a connection.
 * @instead `Dispatcher.validate(options)`.
 */
const complaintOf = (client: Client, options: Dispatcher.DispatchOptions): Error => {
  try {
    client.dispatch(options, NO_HANDLER)
  } catch (error) {
    return error as Error
  }
  throw new TypeError('undici took a request without a handler')
}

/** Returns undici's error for a malformed request, or `undefined`. */
export type FindFault = (options: Dispatcher.DispatchOptions) => Error | undefined

/**
 * Makes the check of requests: undici's error for one without a handler is about the request,
 * unless it is about the handler.
 */
export const faultFinderOf = (undici: UndiciModule): FindFault => {
  const client = createIdleClient(undici)
  const { message: lastComplaint } = complaintOf(client, WELL_FORMED)
  return (options) => {
    const complaint = complaintOf(client, options)
    return complaint.message === lastComplaint ? undefined : complaint
  }
}

/**
 * Whether the clients of this undici take handlers of the old kind, as those of undici 7 do, which
 * wrap the new ones; those of undici 8 take the new kind only. They miss other methods first.
 */
export const takesLegacyHandlers = (undici: UndiciModule): boolean => {
  const { message } = complaintOf(createIdleClient(undici), WELL_FORMED)
  return message === OLD_KIND_COMPLAINT
}

const symbolOf = (object: object, description: string): symbol | undefined =>
  Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description)

/** Finds the symbol by which undici's own dispatchers call each other. */
export const dispatchSymbolOf = (undici: UndiciModule): symbol | undefined =>
  symbolOf(undici.Client.prototype, DISPATCH)

/** Finds the symbol under which an `Agent` of undici keeps its clients by origin. */
export const clientsSymbolOf = ({ Agent }: UndiciModule): symbol | undefined =>
  Agent === undefined ? undefined : symbolOf(new Agent(), CLIENTS)

/**
 * The symbols under which the fetch that comes with Node finds its dispatcher: undici 6 and 7, and from 8 on.
 *
 * @why To load undici must not change the dispatcher of Node's own fetch (nodejs/undici#5500).
 * @instead `process.setGlobalDispatcher()` and `getGlobalDispatcher()` of Node itself.
 */
export const GLOBAL_DISPATCHERS: readonly symbol[] = [
  Symbol.for('undici.globalDispatcher.1'),
  Symbol.for('undici.globalDispatcher.2'),
]
