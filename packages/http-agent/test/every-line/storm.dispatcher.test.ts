import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { SENDS } from './storm/dispatcher-caller.ts'
import { runStorm } from './storm/run-storm.ts'
import { dispatcherClients, type StormClient } from './storm/storm-clients.ts'

const REQUESTS_EACH = 300

type Clients = Readonly<Record<string, StormClient>>

/** Those of one way to make a request, under another name. */
const only = (clients: Clients, way: keyof typeof SENDS, how: string): Clients =>
  Object.fromEntries(
    Object.entries(clients)
      .filter(([name]) => name.includes(`, ${way} `))
      .map(([name, client]) => [`${name}, ${how}`, client]),
  )

const narrow = dispatcherClients(false, { connections: 3, policy: { staleCheck: 'fence' } })

const CLIENTS: Clients = {
  ...dispatcherClients(false),
  ...only(dispatcherClients(true), 'request', 'by TLS'),
  ...only(narrow, 'dispatch', 'three connections, by fence'),
}

for (const [name, client] of Object.entries(CLIENTS)) {
  it(`loses no safe request, and repeats no POST: ${name}`, async () => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    const verdict = await runStorm({ client, seed, requestsEach: REQUESTS_EACH })
    const { lostSafe, doublePosts, wrongAnswers, requestCount } = verdict
    const complaints = { lostSafe, doublePosts, wrongAnswers }
    const none = { lostSafe: [], doublePosts: [], wrongAnswers: [] }
    assert.deepEqual(complaints, none, `seed ${seed}`)
    assert.equal(requestCount, REQUESTS_EACH * 2)
  })
}
