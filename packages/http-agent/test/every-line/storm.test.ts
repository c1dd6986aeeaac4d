import assert from 'node:assert/strict'
import http from 'node:http'
import { it } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import agentkeepalive from 'agentkeepalive'
import { TEST_IDENTITY } from './loopback.ts'
import { runStorm, type StormOptions } from './storm/run-storm.ts'

const REQUESTS_EACH = 400
const { cert: ca } = TEST_IDENTITY

const OURS: Readonly<Record<string, Pick<StormOptions, 'isSecure' | 'createAgent'>>> = {
  HttpAgent: { isSecure: false, createAgent: () => new HttpAgent() },
  'HttpAgent by fence': {
    isSecure: false,
    createAgent: () => new HttpAgent({ policy: { staleCheck: 'fence' } }),
  },
  'HttpAgent without a look': {
    isSecure: false,
    createAgent: () => new HttpAgent({ policy: { staleCheck: 'none' } }),
  },
  'HttpAgent of three sockets': {
    isSecure: false,
    createAgent: () => new HttpAgent({ maxSockets: 3 }),
  },
  HttpsAgent: { isSecure: true, createAgent: () => new HttpsAgent({ ca }) },
}

const PEERS: Readonly<Record<string, () => http.Agent>> = {
  'http.Agent': () => new http.Agent({ keepAlive: true }),
  agentkeepalive: () => new agentkeepalive(),
}

for (const [name, options] of Object.entries(OURS)) {
  it(`loses no safe request, repeats no POST, and does not lie: ${name}`, async () => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    const verdict = await runStorm({ ...options, seed, requestsEach: REQUESTS_EACH })
    const { lostSafe, doublePosts, wrongAnswers, lies, requestCount } = verdict
    const complaints = { lostSafe, doublePosts, wrongAnswers, lies }
    const none = { lostSafe: [], doublePosts: [], wrongAnswers: [], lies: [] }
    assert.deepEqual(complaints, none, `seed ${seed}`)
    assert.equal(requestCount, REQUESTS_EACH * 2)
  })
}

for (const [name, createAgent] of Object.entries(PEERS)) {
  it(`takes safe requests from its peers: ${name}`, async (context) => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    const options = { isSecure: false, createAgent, seed, requestsEach: REQUESTS_EACH }
    const { failureCount, lostSafe } = await runStorm(options)
    context.diagnostic(
      `${name}, seed ${seed}: ${failureCount.GET} GETs and ${failureCount.POST} POSTs of ${REQUESTS_EACH} failed, ` +
        `${lostSafe.length} GETs without a byte of a response`,
    )
    assert.ok(lostSafe.length > 0)
  })
}
