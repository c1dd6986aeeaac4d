import assert from 'node:assert/strict'
import { stat } from 'node:fs'
import http from 'node:http'
import { after, before, describe, it } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { type Ending, type ScriptedServer, startScriptedServer } from './scripted-server.ts'

/** Where in the turn of the event loop the loop is blocked and the request is made. */
const CONTEXTS: Readonly<Record<string, (run: () => void) => void>> = {
  'a timer': (run) => setTimeout(run, 1),
  'an I/O callback': (run) => stat('/', run),
  'a microtask': (run) => Promise.resolve().then(run),
  'a microtask of a timer': (run) => setTimeout(() => Promise.resolve().then(run), 1),
  setImmediate: (run) => setImmediate(run),
}

/** Longer than a connection is idle that is used again without a look at its socket. */
const CLOSE_AFTER_MS = 10
/** Shorter than that, and within the turn in which it became idle. */
const AT_ONCE_MS = 0
/** With four contexts and two endings, 200 requests. */
const REQUESTS_EACH = 25
const PEER_REQUESTS_EACH = 3
const BROKEN_CONNECTION = /ECONNRESET|EPIPE|hang up/u

const request = (agent: http.Agent, port: number, method: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const outgoing = http.request({ agent, host: '127.0.0.1', port, method }, (response) => {
      response.resume()
      // The socket is given back in the same tick.
      outgoing.on('close', () => resolve(response.statusCode))
    })
    outgoing.on('error', reject)
    outgoing.end(method === 'POST' ? 'body' : undefined)
  })

describe('a connection that the peer ended while the loop was blocked', () => {
  let server: ScriptedServer

  before(async () => {
    server = await startScriptedServer(false)
  })

  after(() => server.close())

  /** Blocks the loop while the peer ends the idle connection, and asks at once. */
  const askAfterBlock = async (
    agent: http.Agent,
    { ending, afterMs = CLOSE_AFTER_MS }: { readonly ending: Ending; readonly afterMs?: number },
    enter: (run: () => void) => void,
    method: string,
  ): Promise<number | undefined> => {
    await request(agent, server.port, 'GET')
    return new Promise((resolve, reject) => {
      enter(() => {
        server.blockUntil(ending, afterMs)
        request(agent, server.port, method).then(resolve, reject)
      })
    })
  }

  for (const ending of ['fin', 'reset'] as const) {
    for (const [context, enter] of Object.entries(CONTEXTS)) {
      it(`is not used: ${ending}, from ${context}`, async () => {
        // How long a connection is idle here is the machine's affair, and nothing to be learned from.
        const agent = new HttpAgent({ policy: { learnIdleLimit: false } })
        for (let count = 0; count < REQUESTS_EACH; count++) {
          // A method that is not safe: nothing but the look at the socket can save it.
          const method = count % 2 === 0 ? 'POST' : 'GET'
          assert.equal(await askAfterBlock(agent, { ending }, enter, method), 200)
        }
        const { closes, dials } = agent.stats()
        const reason = ending === 'fin' ? 'peer_fin' : 'peer_reset'
        assert.equal(closes[reason], REQUESTS_EACH)
        assert.equal(dials, REQUESTS_EACH + 1)
        agent.destroy()
      })

      it(`is not used, however short the block: ${ending}, from ${context}`, async () => {
        // How long a connection is idle here is the machine's affair, and nothing to be learned from.
        const agent = new HttpAgent({ policy: { learnIdleLimit: false } })
        for (let count = 0; count < REQUESTS_EACH; count++) {
          const method = count % 2 === 0 ? 'POST' : 'GET'
          assert.equal(
            await askAfterBlock(agent, { ending, afterMs: AT_ONCE_MS }, enter, method),
            200,
          )
        }
        assert.equal(agent.stats().dials, REQUESTS_EACH + 1)
        agent.destroy()
      })

      it(`is not used by a fence either: ${ending}, from ${context}`, async () => {
        const agent = new HttpAgent({ policy: { staleCheck: 'fence', learnIdleLimit: false } })
        for (let count = 0; count < PEER_REQUESTS_EACH; count++) {
          assert.equal(await askAfterBlock(agent, { ending }, enter, 'POST'), 200)
        }
        assert.equal(agent.stats().dials, PEER_REQUESTS_EACH + 1)
        agent.destroy()
      })

      it(`fails with http.Agent: ${ending}, from ${context}`, async () => {
        const agent = new http.Agent({ keepAlive: true })
        for (let count = 0; count < PEER_REQUESTS_EACH; count++) {
          await assert.rejects(askAfterBlock(agent, { ending }, enter, 'POST'), BROKEN_CONNECTION)
        }
        agent.destroy()
      })
    }
  }
})
