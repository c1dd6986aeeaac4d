import assert from 'node:assert/strict'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { listen, serveHttp, TEST_IDENTITY } from './loopback.ts'
import { type Heard, recordBy } from './recording-handler.ts'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

type Options = Omit<Partial<Dispatcher.DispatchOptions>, 'origin' | 'headers'> & {
  readonly origin?: unknown
  readonly headers?: unknown
  readonly servername?: unknown
}

type Row = (port: number) => Options

const localhost = (port: number): string => `https://localhost:${port}`

const withOrigin =
  (spell: (port: number) => unknown): Row =>
  (port) => ({ origin: spell(port) })

const withHost =
  (host: unknown): Row =>
  (port) => ({ origin: localhost(port), headers: { host } })

const withHeaders =
  (headers: unknown): Row =>
  (port) => ({ origin: localhost(port), headers })

const withServerName =
  (servername: unknown, host?: unknown): Row =>
  (port) => ({ origin: localhost(port), servername, ...(host ? { headers: { host } } : undefined) })

/** Spellings of origins, of `Host` headers and of server names. */
const ROWS: Readonly<Record<string, Row>> = {
  'an origin': withOrigin(localhost),
  'an origin as URL': withOrigin((port) => new URL(localhost(port))),
  'an origin with a slash': withOrigin((port) => `${localhost(port)}/`),
  'a scheme in capitals': withOrigin((port) => `HTTPS://localhost:${port}`),
  'a scheme in capitals, and a Host header': (port) => ({
    origin: `HTTPS://localhost:${port}`,
    headers: { host: 'a.example' },
  }),
  'a scheme in capitals, and a server name': (port) => ({
    origin: `HTTPS://localhost:${port}`,
    servername: 'b.example',
  }),
  'a plain scheme in capitals': withOrigin((port) => `HTTP://localhost:${port}`),
  'a host in capitals': withOrigin((port) => `https://LOCALHOST:${port}`),
  'a host with an escape': withOrigin((port) => `https://local%68ost:${port}`),
  'blanks before an origin': withOrigin((port) => `  ${localhost(port)}`),
  'a line break within an origin': withOrigin((port) => `https://local\nhost:${port}`),
  'an IPv4 address': withOrigin((port) => `https://127.0.0.1:${port}`),
  'a short IPv4 address': withOrigin((port) => `https://127.1:${port}`),
  'an IPv6 address': withOrigin((port) => `https://[::1]:${port}`),
  'a user in an origin': withOrigin((port) => `https://user:word@localhost:${port}`),
  'a path in an origin': withOrigin((port) => `${localhost(port)}/path`),
  'a query in an origin': withOrigin((port) => `${localhost(port)}?query`),
  'a fragment in an origin': withOrigin((port) => `${localhost(port)}#evil.example`),
  'an empty fragment in an origin': withOrigin((port) => `${localhost(port)}#`),
  'no origin': () => ({}),
  'an empty origin': withOrigin(() => ''),
  'a number as origin': withOrigin(() => 5),
  'an object as origin': withOrigin((port) => ({
    protocol: 'https:',
    hostname: 'localhost',
    port,
  })),
  'another scheme': withOrigin((port) => `ftp://localhost:${port}`),
  'no scheme': withOrigin((port) => `localhost:${port}`),
  'no URL': withOrigin(() => 'localhost'),
  'a port out of range': withOrigin(() => 'https://localhost:99999'),

  'a Host header': withHost('a.example'),
  'a Host header that is the origin': withHost('localhost'),
  'a Host header with a port': withHost('a.example:99'),
  'a Host header in capitals': withHost('A.Example'),
  'a Host header with a dot at its end': withHost('a.example.'),
  'a Host header with a percent sign': withHost('%'),
  'a Host header with an escape': withHost('a%2eexample'),
  'a Host header with a hash': withHost('a#b'),
  'a Host header that is an IPv4 address': withHost('127.0.0.1'),
  'a Host header that is an IPv4 address with a port': withHost('127.0.0.1:99'),
  'a Host header that is an IPv6 address': withHost('[::1]'),
  'a Host header that is an IPv6 address with a port': withHost('[::1]:99'),
  'a Host header that lacks its bracket': withHost('[::1'),
  'a Host header in brackets that is no address': withHost('[a.example]'),
  'a Host header that is a port': withHost(':99'),
  'an empty Host header': withHost(''),
  'a Host header with blanks': withHost(' a.example '),
  'a Host header with a line break': withHost('a\r\nb: c'),
  'a number as Host header': withHost(5),
  'an array as Host header': withHost(['a.example']),
  'an object as Host header': withHost({}),
  'null as Host header': withHost(null),
  'undefined as Host header': withHost(undefined),
  'a Host header by another name': withHeaders({ HOST: 'a.example' }),
  'a Host header in a list': withHeaders(['accept', '*/*', 'Host', 'a.example']),
  'a Host header in a map': withHeaders(new Map([['host', 'a.example']])),
  'two Host headers': withHeaders(['host', 'a.example', 'Host', 'b.example']),
  'a Host header that is undefined before another one': withHeaders([
    'host',
    undefined,
    'Host',
    'b.example',
  ]),
  'a list of headers that is odd': withHeaders(['host']),
  'a name of a header that is none': withHeaders([5, 'a']),

  'a server name': withServerName('b.example'),
  'a server name and a Host header': withServerName('b.example', 'a.example'),
  'an empty server name': withServerName(''),
  'an empty server name and a Host header': withServerName('', 'a.example'),
  'null as server name': withServerName(null),
  'an address as server name': withServerName('127.0.0.1'),
}

const CONNECT = { rejectUnauthorized: false, timeout: 0 }

const outcomeOf = async (dispatcher: object, options: Options): Promise<readonly Heard[]> => {
  const { heard, handler, done } = recordBy('a controller')
  const asked = { path: '/', method: 'GET', ...options }
  const { dispatch } = dispatcher as { dispatch: (...values: object[]) => unknown }
  dispatch.call(dispatcher, asked, handler)
  await done
  return heard.filter(([kind]) => kind !== 'start')
}

/** Serves both schemes on one port, as far as a name that is asked for goes. */
const serve = async (context: TestContext): Promise<number> => {
  const server = https.createServer(TEST_IDENTITY, ({ headers, socket }, response) => {
    response.end(JSON.stringify({ name: (socket as TLSSocket).servername, host: headers.host }))
  })
  await listen(context, server)
  return (server.address() as AddressInfo).port
}

const create = (context: TestContext, undici: Undici, options: object): KeepAliveDispatcher => {
  const dispatcher = new KeepAliveDispatcher({ undici, connect: CONNECT, ...options })
  context.after(() => dispatcher.destroy())
  return dispatcher
}

for (const { name, undici } of UNDICI_VERSIONS) {
  describe(`a dispatcher on ${name}`, () => {
    for (const [title, row] of Object.entries(ROWS)) {
      it(`takes ${title} as undici's Agent does`, async (context) => {
        const port = await serve(context)
        const agent = new undici.Agent({ connect: CONNECT, allowH2: false })
        context.after(() => agent.destroy())
        const expected = await outcomeOf(agent, row(port))
        // A place that is lost would keep the next request waiting.
        const dispatcher = create(context, undici, { maxTotalConnections: 1 })
        assert.deepEqual(await outcomeOf(dispatcher, row(port)), expected)
        assert.deepEqual(await outcomeOf(dispatcher, row(port)), expected)
        const { leased, waiting } = dispatcher.stats()
        assert.deepEqual({ leased, waiting }, { leased: 0, waiting: 0 })
        const [served] = await outcomeOf(dispatcher, { origin: localhost(port) })
        assert.deepEqual(served, ['response', 200])
      })
    }

    it('has connections in common to one origin, however it is written', async (context) => {
      const { port, connectionCount } = await serveHttp(context)
      const dispatcher = create(context, undici, {})
      for (const origin of [
        `http://127.0.0.1:${port}`,
        `HTTP://127.0.0.1:${port}/`,
        new URL(`http://127.1:${port}`),
      ]) {
        assert.equal((await outcomeOf(dispatcher, { origin }))[0]?.[1], 200)
      }
      assert.equal(connectionCount(), 1)
      assert.deepEqual(Object.keys(dispatcher.stats().origins), [`http://127.0.0.1:${port}`])
    })

    it('dials nothing for a server name that is no text, where the Agent leaves a socket behind', async (context) => {
      const { port, connectionCount } = await serveHttp(context)
      const dispatcher = create(context, undici, {})
      for (const servername of [5, {}, Symbol('name')]) {
        const [refused] = await outcomeOf(dispatcher, { origin: localhost(port), servername })
        assert.deepEqual(refused, ['error', 'opts.servername must be a string'])
      }
      assert.equal(dispatcher.stats().dials, 0)
      assert.equal(connectionCount(), 0)
    })

    it('takes no origin for another one that is written like a key', async (context) => {
      const port = await serve(context)
      const dispatcher = create(context, undici, {})
      const origin = localhost(port)
      await outcomeOf(dispatcher, { origin, headers: { host: 'evil.example' } })
      const [refused] = await outcomeOf(dispatcher, { origin: `${origin}#evil.example` })
      assert.deepEqual(refused, ['error', 'invalid url'])
    })
  })
}
