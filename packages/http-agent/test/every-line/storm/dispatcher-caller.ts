import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Undici } from '../undici-versions.ts'
import {
  PATIENCE_MS,
  type StormAnswer,
  type StormCaller,
  type StormRequest,
} from './storm-caller.ts'

type Send = (dispatcher: Dispatcher, undici: Undici, request: StormRequest) => Promise<StormAnswer>

const bodyOf = ({ body, isStreamed }: StormRequest): string | Readable | null => {
  if (body === undefined) return null
  return isStreamed ? Readable.from([body.slice(0, 1), body.slice(1)], { objectMode: false }) : body
}

const lengthOf = ({ body }: StormRequest): Record<string, string> =>
  body === undefined ? {} : { 'content-length': String(body.length) }

const optionsOf = (request: StormRequest): Dispatcher.DispatchOptions => ({
  origin: request.origin,
  path: request.path,
  method: request.method,
  headers: lengthOf(request),
  body: bodyOf(request),
  headersTimeout: PATIENCE_MS,
  bodyTimeout: PATIENCE_MS,
})

/** How undici lets requests be made. */
export const SENDS: Readonly<Record<'dispatch' | 'request' | 'fetch', Send>> = {
  dispatch: (dispatcher, _undici, request) =>
    new Promise((resolve, reject) => {
      let [status, body] = [0, '']
      dispatcher.dispatch(optionsOf(request), {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => {
          status = statusCode
        },
        onResponseData: (_controller, chunk) => {
          body += chunk.toString()
        },
        onResponseEnd: () => resolve({ status, body }),
        onResponseError: (_controller, error) => reject(error),
      })
    }),

  request: async (dispatcher, undici, request) => {
    const { path: _path, origin: _origin, ...options } = optionsOf(request)
    const { statusCode, body } = await undici.request(request.origin + request.path, {
      ...options,
      dispatcher,
    })
    return { status: statusCode, body: await body.text() }
  },

  fetch: async (dispatcher, undici, request) => {
    const response = await undici.fetch(request.origin + request.path, {
      dispatcher,
      method: request.method,
      headers: lengthOf(request),
      body: bodyOf(request) as never,
      duplex: 'half',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return { status: response.status, body: await response.text() }
  },
}

/** Requests of undici through a dispatcher. */
export const callByDispatcher = (
  dispatcher: Dispatcher,
  undici: Undici,
  send: Send,
): StormCaller => ({
  send: (request) => send(dispatcher, undici, request),
  destroy: () => {
    dispatcher.destroy().catch(() => undefined)
  },
  describesFailures: false,
})
