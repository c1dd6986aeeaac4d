import assert from 'node:assert/strict'
import type { LookupFunction } from 'node:net'
import { it } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { start } from './exchange.ts'
import { forTest, serveHttp, serveOnDemand } from './loopback.ts'
import { turnUntil } from './turn.ts'

// Where each dial looks its name up by itself, a lookup can hold it up.
const LATE = { policy: { binding: 'late', addresses: false } } as const

/** A lookup that the test answers; the last of them, where there were several. */
const createSlowLookup = (): {
  readonly lookup: LookupFunction
  readonly answer: (error?: Error) => void
} => {
  let answer = (_error?: Error): void => undefined
  const lookup: LookupFunction = (_name, options, callback) => {
    answer = (error) => {
      if (error !== undefined) callback(error, '', 4)
      else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
      else callback(null, '127.0.0.1', 4)
    }
  }
  return { lookup, answer: (error) => answer(error) }
}

it('serves a request with a connection that is released before its own dial is done', async (context) => {
  const { port, next, connectionCount } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent(LATE))
  const host = 'a.holdfast.test'
  // A dial that another function looked up would be no dial for it.
  const { lookup, answer } = createSlowLookup()
  const first = start({ agent, port, host, lookup })
  answer()
  const held = await next()

  const second = start({ agent, port, host, lookup, path: '/second' })
  assert.equal(agent.stats().connecting, 1)
  held.response.end()
  const { socket } = await first.done
  const { request, response } = await next()
  assert.equal(request.url, '/second')
  response.end()
  const exchanged = await second.done
  assert.equal(exchanged.socket, socket)
  assert.equal(exchanged.isReused, true)
  assert.equal(connectionCount(), 1)
  assert.equal(agent.stats().connecting, 1)

  answer()
  await turnUntil(() => agent.stats().connecting === 0)
  assert.equal(agent.stats().idle, 2)
  assert.equal(agent.totalSocketCount, 2)
  // The spare connection is as good as any other.
  const last = [start({ agent, port, host, lookup }), start({ agent, port, host, lookup })]
  for (const _ of last) (await next()).response.end()
  const reused = await Promise.all(last.map(({ done }) => done))
  assert.deepEqual(reused.map(({ isReused }) => isReused).toSorted(), [false, true])
  assert.equal(agent.stats().dials, 2)
})

it('fails nobody by a dial that comes to nothing after its request was served otherwise', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent(LATE))
  const host = 'a.holdfast.test'
  const { lookup, answer } = createSlowLookup()
  const first = start({ agent, port, host, lookup })
  answer()
  const held = await next()
  const second = start({ agent, port, host, lookup })
  held.response.end()
  await first.done
  const { response } = await next()
  answer(new Error('unknown'))
  await turnUntil(() => agent.stats().dialFailures === 1)
  response.end()
  assert.equal((await second.done).body, '')
  assert.equal(agent.stats().rejections, 0)
})

it('fails one of those that wait for a dial that comes to nothing, and not the others', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent(LATE))
  const host = 'a.holdfast.test'
  const lookups = [createSlowLookup(), createSlowLookup()] as const
  const pending = lookups.map(({ lookup }) => start({ agent, port, host, lookup }))
  lookups[0].answer(new Error('unknown'))
  lookups[1].answer()
  const settled = await Promise.allSettled(pending.map(({ done }) => done))
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  )
})

it('tells who waits for a fresh socket to connect, although it has done so already', async (context) => {
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent(LATE))
  const holder = start({ agent, port })
  await next()
  // As another connection is in use, this one is handed over only once it is open.
  const { request } = start({ agent, port })
  const events: unknown[] = []
  request.on('socket', (socket) => {
    events.push(socket.connecting)
    const onReady = (): unknown => events.push('removed')
    socket.on('connect', () => events.push('connect'))
    socket.once('ready', () => events.push('ready'))
    socket.on('ready', onReady).off('ready', onReady)
  })
  await next()
  assert.deepEqual(events, [false, 'connect', 'ready'])
  assert.equal(request.socket?.listenerCount('connect'), 0)
  assert.equal(request.socket?.listenerCount('newListener'), 0)
  holder.request.destroy()
  await holder.closed
})
