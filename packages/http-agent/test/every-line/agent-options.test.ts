import assert from 'node:assert/strict'
import http from 'node:http'
import { describe, it } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'
import { forTest, serveHttp, TEST_IDENTITY } from './loopback.ts'

type Options = Readonly<Record<string, unknown>>

const AGENTS = { HttpAgent, HttpsAgent } as const

/** What was given, and what the error says. */
const WRONG: readonly (readonly [Options, string])[] = [
  [{ idleTimeoutMs: 4000 }, 'idleTimeoutMs must be left out: use policy.idleTimeoutMs, got 4000'],
  [{ freeSocketTimeout: 1 }, 'freeSocketTimeout must be left out: use policy.idleTimeoutMs, got 1'],
  [{ keepAliveTimeout: 1 }, 'keepAliveTimeout must be left out: use policy.idleTimeoutMs, got 1'],
  [
    { socketActiveTTL: 1 },
    'socketActiveTTL must be left out: use policy.maxConnectionAgeMs, got 1',
  ],
  [{ clientTtl: 1 }, 'clientTtl must be left out: use policy.maxConnectionAgeMs, got 1'],
  [{ connections: 1 }, 'connections must be left out: use maxSockets, got 1'],
  [{ maxSocket: 5 }, 'maxSocket must be spelt maxSockets, got 5'],
  [{ keepalive: true }, 'keepalive must be spelt keepAlive, got true'],
  [{ Policy: {} }, 'Policy must be spelt policy, got an object'],
  [{ colour: 'red' }, 'colour must be left out: there is no such option, got "red"'],
  [{ maxSockets: '50' }, 'maxSockets must be a number from 0, or Infinity, got "50"'],
  [{ maxSockets: -1 }, 'maxSockets must be a number from 0, or Infinity, got -1'],
  [{ maxSockets: Number.NaN }, 'maxSockets must be a number from 0, or Infinity, got NaN'],
  [{ maxFreeSockets: -1 }, 'maxFreeSockets must be a number from 0, or Infinity, got -1'],
  [{ keepAliveMsecs: '1' }, 'keepAliveMsecs must be a number from 0, or Infinity, got "1"'],
  [{ timeout: '5s' }, 'timeout must be a number from 0, or Infinity, got "5s"'],
  [{ keepAlive: 'false' }, 'keepAlive must be true or false, got "false"'],
  [{ noDelay: 0 }, 'noDelay must be true or false, got 0'],
]

/** What Node refuses itself, by Node's own error. */
const REFUSED_BY_NODE: readonly (readonly [Options, string])[] = [
  [{ maxTotalSockets: Number.NaN }, 'ERR_OUT_OF_RANGE'],
  [{ maxTotalSockets: '5' }, 'ERR_INVALID_ARG_TYPE'],
  [{ scheduling: 'random' }, 'ERR_INVALID_ARG_VALUE'],
]

/** What libraries give to agents, of their callers' or of their own. */
const PASSED: Readonly<Record<string, Options>> = {
  'options of TLS': {
    ...TEST_IDENTITY,
    rejectUnauthorized: false,
    ciphers: 'DEFAULT',
    session: null,
  },
  'options of sockets': { family: 4, noDelay: true, localAddress: '127.0.0.1', onread: undefined },
  'options of requests': { host: 'localhost', path: '/', method: 'GET', headers: {}, auth: 'a:b' },
  'what is left out': { maxSockets: undefined, timeout: null, colour: undefined },
  'what stands for no limit': {
    maxSockets: 0,
    maxFreeSockets: Number.POSITIVE_INFINITY,
    timeout: 0,
  },
  'a symbol': { [Symbol('own')]: 1 },
  'what Node keeps to itself': { _agentKey: 'a' },
  'the options of another agent': {
    ...(new http.Agent({ keepAlive: true }) as unknown as { options: Options }).options,
  },
}

for (const [name, Agent] of Object.entries(AGENTS)) {
  describe(name, () => {
    for (const [options, message] of WRONG) {
      it(`refuses what would be misunderstood: ${message}`, () => {
        assert.throws(() => new Agent(options), {
          code: 'ERR_HOLDFAST_INVALID_OPTION',
          message,
          key: Object.keys(options)[0],
        })
      })
    }

    for (const [options, code] of REFUSED_BY_NODE) {
      it(`leaves to Node what Node refuses: ${code}`, () => {
        assert.throws(() => new Agent(options), { code })
      })
    }

    for (const [what, options] of Object.entries(PASSED)) {
      it(`passes on ${what}`, () => {
        const agent = new Agent(options)
        for (const key of Object.keys(options)) {
          if (options[key] === undefined || key === 'path') continue
          assert.deepEqual((agent.options as unknown as Options)[key], options[key])
        }
      })
    }

    it('takes nothing for no options, and refuses what is no object', () => {
      assert.equal(Reflect.construct(Agent, [null]).keepAlive, true)
      assert.throws(() => Reflect.construct(Agent, ['x']), { code: 'ERR_HOLDFAST_INVALID_OPTION' })
    })
  })
}

it('can be made again of its own options', async (context) => {
  const { port } = await serveHttp(context)
  const first = new HttpAgent({ maxSockets: 2, timeout: 5000 })
  const second = forTest(
    context,
    Reflect.construct(first.constructor, [first.options]) as HttpAgent,
  )
  assert.equal(second.maxSockets, 2)
  assert.equal((await exchange({ agent: second, port })).status, 200)
})

it('refuses what drain does not know, and goes on', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  for (const [options, message] of [
    [{ timeout: 1 }, 'timeout must be left out: use timeoutMs, got 1'],
    [{ timeoutms: 1 }, 'timeoutms must be spelt timeoutMs, got 1'],
  ] as const) {
    await assert.rejects(agent.drain(options as object), {
      code: 'ERR_HOLDFAST_INVALID_OPTION',
      message,
    })
  }
  assert.equal((await exchange({ agent, port })).status, 200)
})
