import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { KeepAliveDispatcher, type KeepAliveDispatcherOptions } from '@holdfast/http-agent/undici'
import { Agent } from 'undici'
import { serveHttp } from './loopback.ts'
import { type HandlerKind, recordBy } from './recording-handler.ts'

/** Options that are refused, and what the error says of each. */
const REFUSED: readonly (readonly [object, RegExp])[] = [
  [{ pipelining: 2 }, /^pipelining must be 1: .* one request at a time.*, got 2$/u],
  [{ allowH2: true }, /^allowH2 must be false: .*HTTP\/2.*, got true$/u],
  [{ connect: { allowH2: true } }, /^connect\.allowH2 must be false/u],
  [{ h2Options: {} }, /^h2Options must be left out/u],
  [{ keepAliveTimeout: 1 }, /use policy\.idleTimeoutMs, got 1$/u],
  [{ maxRequestsPerClient: 1 }, /use policy\.maxRequestsPerConnection/u],
  [{ clientTtl: 1 }, /use policy\.maxConnectionAgeMs/u],
  [{ interceptors: {} }, /use dispatcher\.compose/u],
  [{ factory: () => undefined }, /^factory must be left out/u],
  [{ connexions: 1 }, /^connexions must be spelt connections, got 1$/u],
  [{ maxSockets: 1 }, /^maxSockets must be left out: use connections, got 1$/u],
  [{ idleTimeoutMs: 1 }, /^idleTimeoutMs must be left out: use policy\.idleTimeoutMs, got 1$/u],
  [{ freeSocketTimeout: 1 }, /must be left out: use policy\.idleTimeoutMs, got 1$/u],
  [{ colour: 1 }, /^colour must be left out: there is no such option, got 1$/u],
  [{ connections: 0 }, /^connections must be a whole number from 1, or Infinity, got 0$/u],
  [{ connections: '5' }, /^connections must be a whole number from 1, or Infinity, got "5"$/u],
  [{ maxIdleConnections: Number.NaN }, /^maxIdleConnections must be a whole number/u],
  [{ headersTimeout: -1 }, /^headersTimeout must be a whole number from 0/u],
  [{ connectTimeout: Number.POSITIVE_INFINITY }, /^connectTimeout must be .* got Infinity$/u],
  [{ scheduling: 'random' }, /^scheduling must be one of 'lifo', 'fifo', got "random"$/u],
  [{ connect: 5 }, /^connect must be an object/u],
  [{ localAddress: 'here' }, /^localAddress must be an IP address, got "here"$/u],
  [{ undici: {} }, /^undici must be the module undici, got an object$/u],
  [{ policy: { idleTimeoutMs: 0 } }, /^policy\.idleTimeoutMs must be/u],
]

describe('options', () => {
  for (const [options, message] of REFUSED) {
    it(`are refused: ${Object.keys(options).join()} ${message.source.slice(0, 30)}`, () => {
      assert.throws(() => new KeepAliveDispatcher(options as KeepAliveDispatcherOptions), {
        code: 'ERR_HOLDFAST_INVALID_OPTION',
        message,
      })
    })
  }

  it('that say what is the case anyway are taken, as are those left undefined', () => {
    const options = { pipelining: 1, allowH2: false, keepAliveTimeout: undefined }
    const frozen = Object.freeze(options) as KeepAliveDispatcherOptions
    assert.equal(new KeepAliveDispatcher(frozen).closed, false)
  })

  it('must be an object', () => {
    assert.throws(() => new KeepAliveDispatcher(null as never), {
      code: 'ERR_HOLDFAST_INVALID_OPTION',
    })
  })

  it('of undici do what undici says', async (context: TestContext) => {
    const { port } = await serveHttp(context, () => undefined)
    const dispatcher = new KeepAliveDispatcher({ headersTimeout: 10 })
    context.after(() => dispatcher.destroy())
    await assert.rejects(
      dispatcher.request({ origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' }),
      { code: 'UND_ERR_HEADERS_TIMEOUT' },
    )
  })
})

/** What undici's own Agent says of a request to such an origin. */
const refusalOf = (origin: unknown): string => {
  const { handler, heard } = recordBy('a controller')
  new Agent().dispatch({ origin, path: '/', method: 'GET' } as never, handler as never)
  return String(heard[0])
}

describe('dispatch', () => {
  const dispatcher = new KeepAliveDispatcher()

  for (const kind of ['a controller', 'legacy callbacks'] satisfies HandlerKind[]) {
    for (const origin of [undefined, '', 'localhost', 'ftp://a', 5]) {
      it(`tells ${kind} that the origin is none: ${origin}`, () => {
        const { handler, heard } = recordBy(kind)
        const isAccepted = dispatcher.dispatch(
          { origin, path: '/', method: 'GET' } as never,
          handler,
        )
        assert.equal(isAccepted, false)
        assert.equal(String(heard[0]), refusalOf(origin))
      })
    }
  }

  it('throws for a handler that is none', () => {
    const options = { origin: 'http://a', path: '/', method: 'GET' } as const
    assert.throws(() => dispatcher.dispatch(options, null as never), {
      code: 'UND_ERR_INVALID_ARG',
    })
    assert.throws(() => dispatcher.dispatch(options, {}), { code: 'UND_ERR_INVALID_ARG' })
    const errors: Error[] = []
    const half = { onError: (error: Error) => errors.push(error) }
    assert.equal(dispatcher.dispatch(options, half as never), false)
    assert.match(String(errors[0]), /invalid onConnect method/u)
  })
})
