import assert from 'node:assert/strict'
import http from 'node:http'
import { it } from 'node:test'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import agentkeepalive from 'agentkeepalive'
import { TEST_IDENTITY } from './loopback.ts'
import { callByAgent } from './storm/agent-caller.ts'
import { runStorm, type StormOptions } from './storm/run-storm.ts'

const REQUESTS_EACH = 400
const { cert: ca } = TEST_IDENTITY

type Client = StormOptions['client']

const plain = (createAgent: () => http.Agent): Client => ({
  isSecure: false,
  create: () => callByAgent(createAgent()),
})

const OURS: Readonly<Record<string, Client>> = {
  HttpAgent: plain(() => new HttpAgent()),
  'HttpAgent by fence': plain(() => new HttpAgent({ policy: { staleCheck: 'fence' } })),
  'HttpAgent without a look': plain(() => new HttpAgent({ policy: { staleCheck: 'none' } })),
  'HttpAgent of three sockets': plain(() => new HttpAgent({ maxSockets: 3 })),
  HttpsAgent: { isSecure: true, create: () => callByAgent(new HttpsAgent({ ca })) },
}

const PEERS: Readonly<Record<string, Client>> = {
  'http.Agent': plain(() => new http.Agent({ keepAlive: true })),
  agentkeepalive: plain(() => new agentkeepalive()),
}

for (const [name, client] of Object.entries(OURS)) {
  it(`loses no safe request, repeats no POST, and does not lie: ${name}`, async () => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    const verdict = await runStorm({ client, seed, requestsEach: REQUESTS_EACH })
    const { lostSafe, doublePosts, wrongAnswers, lies, requestCount } = verdict
    const complaints = { lostSafe, doublePosts, wrongAnswers, lies }
    const none = { lostSafe: [], doublePosts: [], wrongAnswers: [], lies: [] }
    assert.deepEqual(complaints, none, `seed ${seed}`)
    assert.equal(requestCount, REQUESTS_EACH * 2)
  })
}

for (const [name, client] of Object.entries(PEERS)) {
  it(`takes safe requests from its peers: ${name}`, async (context) => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    const { failureCount, lostSafe } = await runStorm({ client, seed, requestsEach: REQUESTS_EACH })
    context.diagnostic(
      `${name}, seed ${seed}: ${failureCount.GET} GETs and ${failureCount.POST} POSTs of ${REQUESTS_EACH} failed, ` +
        `${lostSafe.length} GETs without a byte of a response`,
    )
    assert.ok(lostSafe.length > 0)
  })
}
