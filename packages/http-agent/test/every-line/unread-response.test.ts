import assert from 'node:assert/strict'
import { once } from 'node:events'
import http, { type ServerResponse } from 'node:http'
import { it, mock } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { fakeClock } from './fake-clock.ts'
import { forTest, serveHttp } from './loopback.ts'
import { turn } from './turn.ts'
import { warningsOf } from './warnings.ts'

const SWEEP_MS = 30_000

const answerAll = (_request: unknown, response: ServerResponse): unknown =>
  response.end('x'.repeat(5_000_000))

it('warns once of responses that nobody reads, by name', async (context) => {
  const { port } = await serveHttp(context, answerAll)
  const agent = forTest(context, new HttpAgent())
  const warnings = warningsOf(context)
  const clock = fakeClock(context)
  for (const path of ['/first', '/second']) {
    const request = http.get({ agent, host: '127.0.0.1', port, path })
    await once(request, 'response')
  }
  await clock.pass(SWEEP_MS)
  assert.equal(warnings.length, 0)
  await clock.pass(SWEEP_MS)
  const [warning] = warnings
  assert.equal(
    warning?.message,
    'nobody has read the response to GET /first for at least 30 s; its connection serves no other request meanwhile',
  )
  assert.equal(warning.code, 'HOLDFAST_UNREAD_RESPONSE')
  await clock.pass(SWEEP_MS)
  await clock.pass(SWEEP_MS)
  assert.equal(warnings.length, 1)
})

it('warns of a reader that has stopped, and not of one that is slow', async (context) => {
  const { port } = await serveHttp(context, answerAll)
  const agent = forTest(context, new HttpAgent())
  const warnings = warningsOf(context)
  const clock = fakeClock(context)
  const request = http.get({ agent, host: '127.0.0.1', port, path: '/slow' })
  const [response] = await once(request, 'response')
  const readSome = async (): Promise<void> => {
    response.resume()
    await once(response, 'data')
    response.pause()
    await turn()
  }
  for (let sweep = 0; sweep < 2; sweep++) {
    await readSome()
    await clock.pass(SWEEP_MS)
  }
  assert.equal(warnings.length, 0)
  // What is on its way still comes in; then nothing moves any more.
  for (let sweep = 0; sweep < 3; sweep++) await clock.pass(SWEEP_MS)
  assert.match(warnings[0]?.message ?? '', /GET \/slow/u)
})

it('warns of nothing that is read, idle, or still to be answered', async (context) => {
  const { port } = await serveHttp(context, (request, response) => {
    if (request.url !== '/never') response.end('ok')
  })
  const agent = forTest(context, new HttpAgent())
  const warnings = warningsOf(context)
  const clock = fakeClock(context)
  await exchange({ agent, port })
  start({ agent, port, path: '/never' })
  for (let sweep = 0; sweep < 4; sweep++) await clock.pass(SWEEP_MS)
  assert.deepEqual(warnings, [])
  assert.equal(agent.stats().leased, 1)
})

it('sets no timer where no connection is open', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const { socket } = await exchange({ agent, port })
  const clock = fakeClock(context)
  socket.destroy()
  await once(socket, 'close')
  await clock.pass(SWEEP_MS)
  const armed = mock.method(globalThis, 'setTimeout')
  await clock.pass(SWEEP_MS)
  assert.equal(armed.mock.callCount(), 0)
})
