import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { it } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { exchange, start } from './exchange.ts'
import { forTest, listen, serveHttp, serveOnDemand } from './loopback.ts'
import { turn, turnUntil } from './turn.ts'
import { watchTimers } from './watch-timers.ts'

const COMPLETED = { outcome: 'completed', destroyedCount: 0, rejectedCount: 0 }

it('serves the requests that there are, and takes no new one', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const inUse = start({ agent, port })
  const waiting = start({ agent, port })
  const arrival = await next()
  const drained = agent.drain()
  const late = start({ agent, port })
  await assert.rejects(late.done, { code: 'ERR_HOLDFAST_POOL_CLOSED' })
  arrival.response.end()
  assert.equal((await inUse.done).status, 200)
  const second = await next()
  second.response.end()
  assert.equal((await waiting.done).status, 200)
  assert.deepEqual(await drained, COMPLETED)
  assert.deepEqual(agent.inspect(), [])
  assert.equal(agent.totalSocketCount, 0)
})

it('closes idle connections at once, and says why', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  await exchange({ agent, port })
  assert.deepEqual(await agent.drain(), COMPLETED)
  assert.deepEqual(agent.stats().closes, { drained: 1 })
})

it('is over at once where there is nothing, and as often as it is asked for', async (context) => {
  const agent = forTest(context, new HttpAgent())
  assert.deepEqual(await Promise.all([agent.drain(), agent.drain()]), [COMPLETED, COMPLETED])
  assert.deepEqual(await agent.drain({ timeoutMs: 0 }), COMPLETED)
})

it('destroys what is left when the time is over, and refuses who waits', async (context) => {
  const { port, next, connectionCount } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const inUse = start({ agent, port })
  const waiting = start({ agent, port })
  await next()
  const patient = agent.drain({ timeoutMs: Number.POSITIVE_INFINITY })
  const result = await agent.drain({ timeoutMs: 5 })
  assert.deepEqual(result, { outcome: 'timed_out', destroyedCount: 1, rejectedCount: 1 })
  assert.deepEqual(await patient, result)
  await assert.rejects(inUse.done, { code: 'ECONNRESET' })
  await assert.rejects(waiting.done, { code: 'ERR_HOLDFAST_POOL_CLOSED' })
  assert.deepEqual(agent.inspect(), [])
  await turn()
  assert.equal(connectionCount(), 1)
})

it('does not wait for a dial that never answers', async (context) => {
  const agent = forTest(
    context,
    Object.assign(new HttpAgent(), { createConnection: () => undefined }),
  )
  const pending = start({ agent, port: 1 })
  const { outcome, rejectedCount } = await agent.drain({ timeoutMs: 5 })
  assert.deepEqual({ outcome, rejectedCount }, { outcome: 'timed_out', rejectedCount: 1 })
  await assert.rejects(pending.done, { code: 'ERR_HOLDFAST_POOL_CLOSED' })
})

it('ends when the last waiting request gives up', async (context) => {
  const { server, port } = await listen(context, net.createServer())
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const inUse = start({ agent, port })
  await once(server, 'connection')
  const waiting = start({ agent, port })
  const drained = agent.drain()
  waiting.request.destroy()
  inUse.request.destroy()
  assert.deepEqual(await drained, COMPLETED)
})

it('leaves no timer behind, whatever has ended it', async (context) => {
  const pending = watchTimers(context)
  const { port } = await serveHttp(context)
  const dials: (() => void)[] = []
  const served = forTest(context, new HttpAgent())
  await exchange({ agent: served, port })
  assert.deepEqual(await served.drain(), COMPLETED)
  const failing = forTest(
    context,
    Object.assign(new HttpAgent(), {
      createConnection: (_options: object, answer: (error: Error) => void) => {
        dials.push(() => answer(new Error('refused')))
      },
    }),
  )
  const asked = start({ agent: failing, port })
  const drained = failing.drain()
  for (const fail of dials) fail()
  await assert.rejects(asked.done, { message: 'refused' })
  assert.deepEqual(await drained, COMPLETED)
  assert.equal(pending.size, 0)
})

it('waits for peers that are given the time to close first', async (context) => {
  const { port } = await serveHttp(context)
  const policy = { maxRequestsPerConnection: 2 }
  const agent = forTest(context, new HttpAgent({ policy }))
  await exchange({ agent, port })
  await exchange({ agent, port })
  const [row] = agent.inspect()
  assert.equal(row?.state, 'lingering')
  assert.deepEqual(await agent.drain(), COMPLETED)
  assert.deepEqual(agent.stats().closes, { max_requests: 1 })
})

it('drains at the end of an await using block', async (context) => {
  const { port } = await serveHttp(context)
  const agent = new HttpAgent()
  await exchange({ agent, port })
  assert.equal(await agent[Symbol.asyncDispose](), undefined)
  assert.deepEqual(agent.inspect(), [])
  await assert.rejects(exchange({ agent, port }), { code: 'ERR_HOLDFAST_POOL_CLOSED' })
})

for (const timeoutMs of [-1, Number.NaN, '5', null]) {
  it(`refuses ${typeof timeoutMs} ${timeoutMs} as a time-out, and goes on`, async (context) => {
    const { port } = await serveHttp(context)
    const agent = forTest(context, new HttpAgent())
    const options = { timeoutMs } as { timeoutMs: number }
    await assert.rejects(agent.drain(options), {
      code: 'ERR_HOLDFAST_INVALID_OPTION',
      key: 'timeoutMs',
      allowed: 'a number from 0, or Infinity',
    })
    assert.equal((await exchange({ agent, port })).status, 200)
  })
}

it('refuses options that are no object', async (context) => {
  const agent = forTest(context, new HttpAgent())
  await assert.rejects(agent.drain(5 as never), { code: 'ERR_HOLDFAST_INVALID_ARGUMENT' })
  await turnUntil(() => agent.inspect().length === 0)
})
