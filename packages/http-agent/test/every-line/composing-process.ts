/*
 * Sends requests through each interceptor of undici 7 and 8, by `request` of each and by Node's fetch, and
 * says what came of each. It runs in a project where the dispatcher stands on the one or the other.
 */
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'
import type { Dispatcher } from 'undici'

type Undici = typeof import('undici')
type Get = (url: string, dispatcher: Dispatcher) => Promise<string>

const [project = '', port = ''] = process.argv.slice(2)
const require = createRequire(project)
const undicis: Readonly<Record<string, Undici>> = {
  'undici 7': require('undici7'),
  'undici 8': require('undici8'),
}
const { KeepAliveDispatcher } = require('@holdfast/http-agent/undici')

const requestOf =
  ({ request }: Undici): Get =>
  async (url, dispatcher) => {
    const { statusCode, body } = await request(url, { dispatcher })
    return `${statusCode} ${await body.text()}`
  }

const byRequest7 = requestOf(undicis['undici 7'] as Undici)

const byFetch: Get = async (url, dispatcher) => {
  const response = await fetch(url, { dispatcher } as object)
  return `${response.status} ${await response.text()}`
}

const callers: Readonly<Record<string, Get>> = {
  'fetch of Node': byFetch,
  ...Object.fromEntries(
    Object.entries(undicis).map(([name, undici]) => [`request of ${name}`, requestOf(undici)]),
  ),
}

type Interceptors =
  | Dispatcher.DispatcherComposeInterceptor
  | Dispatcher.DispatcherComposeInterceptor[]

const otherThan = (undici: Undici): Undici =>
  Object.values(undicis).find((other) => other !== undici) ?? undici

const interceptorsOf = (undici: Undici): Readonly<Record<string, Interceptors>> => ({
  ...oneByOne(undici),
  mixed: [
    undici.interceptors.redirect({ maxRedirections: 1 }),
    otherThan(undici).interceptors.decompress(),
  ],
})

const oneByOne = ({ interceptors }: Undici): Readonly<Record<string, Interceptors>> => ({
  redirect: interceptors.redirect({ maxRedirections: 1 }),
  retry: interceptors.retry({ minTimeout: 1 }),
  dump: interceptors.dump(),
  dns: interceptors.dns({ affinity: 4 }),
  cache: interceptors.cache(),
  responseError: interceptors.responseError(),
  decompress: interceptors.decompress(),
  deduplicate: interceptors.deduplicate(),
})

interface Failure {
  readonly statusCode?: number
  readonly cause?: Failure
}

const tell = ({ statusCode, cause }: Failure): string =>
  statusCode === undefined && cause !== undefined ? tell(cause) : `failed by ${statusCode}`

const said: Record<string, readonly string[]> = {}

/** Twice, because the second answer of a cache comes from elsewhere. */
const callTwice = async (
  what: string,
  get: Get,
  url: string,
  interceptors: Interceptors,
): Promise<void> => {
  const dispatcher = new KeepAliveDispatcher().compose(interceptors as [])
  const first = await get(url, dispatcher).catch(tell)
  said[what] = [first, await get(url, dispatcher).catch(tell)]
  await dispatcher.close()
}

for (const [caller, get] of Object.entries(callers)) {
  for (const [version, undici] of Object.entries(undicis)) {
    for (const [name, interceptors] of Object.entries(interceptorsOf(undici))) {
      const what = `${caller}: ${name} of ${version}`
      // A path of its own, so that the server knows how often it has been asked for it.
      const url = `http://localhost:${port}/${name}?${encodeURIComponent(what)}`
      callTwice(what, get, url, interceptors)
    }
  }
}

interface OldHandler {
  readonly onConnect: (abort: () => void) => void
  readonly onHeaders: (
    status: number,
    headers: Buffer[],
    resume: () => void,
    text: string,
  ) => boolean
  readonly onData: (chunk: Buffer) => boolean
  readonly onComplete: (trailers: Buffer[]) => void
  readonly onError: (error: Error) => void
}

/** As one may have been written for undici 6; it calls handlers, and is called, without a controller. */
const countUp =
  (dispatch: (options: object, handler: OldHandler) => boolean) =>
  (options: object, handler: OldHandler): boolean =>
    dispatch(options, {
      onConnect: (abort) => handler.onConnect(abort),
      onHeaders: (status, ...more) => handler.onHeaders(status + 1, ...more),
      onData: (chunk) => handler.onData(chunk),
      onComplete: (trailers) => handler.onComplete(trailers),
      onError: (error) => handler.onError(error),
    })

const older = [
  undicis['undici 8']?.interceptors.retry(),
  countUp,
  countUp,
] as unknown as Interceptors
callTwice('interceptors of the old kind', byRequest7, `http://localhost:${port}/old`, older)

// A call that nobody ever answers holds nothing up, and is missing here.
process.on('exit', () => writeSync(process.stdout.fd, JSON.stringify(said)))
