import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import net, { type AddressInfo } from 'node:net'
import process from 'node:process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { exchange } from './exchange.ts'
import { forTest, listen, serveHttp, serveHttps, TEST_IDENTITY } from './loopback.ts'
import { turn } from './turn.ts'

it('opens connections that requests then use', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const url = `http://127.0.0.1:${port}/path?is=ignored`
  assert.deepEqual(await agent.warm(url, 3), { idleCount: 3, failedCount: 0, error: undefined })
  const name = agent.getName({ host: '127.0.0.1', port })
  assert.equal(agent.freeSockets[name]?.length, 3)
  await Promise.all([exchange({ agent, port }), exchange({ agent, port })])
  assert.equal(connectionCount(), 3)
  assert.equal(agent.stats().dials, 3)
})

it('has what is there already count', async (context) => {
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const url = new URL(`http://127.0.0.1:${port}`)
  await exchange({ agent, port })
  const results = await Promise.all([agent.warm(url, 2), agent.warm(url, 3), agent.warm(url, 0)])
  assert.deepEqual(
    results.map(({ idleCount }) => idleCount),
    [3, 3, 3],
  )
  assert.equal(agent.stats().dials, 3)
})

it('completes TLS handshakes, under the name of later requests', async (context) => {
  const { port, connectionCount } = await serveHttps(context)
  const agent = forTest(context, new HttpsAgent({ ca: TEST_IDENTITY.cert }))
  const { idleCount } = await agent.warm(`https://localhost:${port}`, 1)
  assert.equal(idleCount, 1)
  const { status } = await exchange({ agent, host: 'localhost', port })
  assert.equal(status, 200)
  assert.equal(connectionCount(), 1)
})

for (const [what, options] of [
  ['maxSockets', { maxSockets: 2 }],
  ['maxTotalSockets', { maxTotalSockets: 2 }],
  ['maxFreeSockets', { maxFreeSockets: 2 }],
  ['maxConnectingPerOrigin', { maxSockets: 2, policy: { maxConnectingPerOrigin: 1 } }],
] as const) {
  it(`stays within ${what}`, async (context) => {
    const { port } = await serveHttp(context)
    const agent = forTest(context, new HttpAgent(options))
    const { idleCount } = await agent.warm(`http://127.0.0.1:${port}`, 5)
    assert.equal(idleCount, 2)
    assert.equal(agent.stats().dials, 2)
  })
}

it('tells of dials that fail, and leaves nothing behind', async (context) => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => {
    server.on('listening', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  const agent = forTest(context, new HttpAgent())
  const result = await agent.warm(`http://127.0.0.1:${port}`, 2)
  assert.equal(result.idleCount, 0)
  assert.equal(result.failedCount, 2)
  assert.equal(result.error && 'code' in result.error && result.error.code, 'ECONNREFUSED')
  assert.deepEqual(agent.inspect(), [])
})

it('gives a request the dial that is under way', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const warmed = agent.warm(`http://127.0.0.1:${port}`, 1)
  const { status, isReused } = await exchange({ agent, port })
  assert.equal(status, 200)
  assert.equal(isReused, false)
  await warmed
  assert.equal(connectionCount(), 1)
})

it('does nothing once the agent drains, and dials no more once it is destroyed', async (context) => {
  const { port, connectionCount } = await serveHttp(context)
  const policy = { maxConnectingPerOrigin: 1 }
  const destroyed = forTest(context, new HttpAgent({ policy }))
  const warmed = destroyed.warm(`http://127.0.0.1:${port}`, 3)
  destroyed.destroy()
  assert.equal((await warmed).idleCount, 0)
  assert.equal(destroyed.stats().dials, 1)
  const drained = forTest(context, new HttpAgent())
  await drained.drain()
  const { idleCount, failedCount } = await drained.warm(`http://127.0.0.1:${port}`, 1)
  assert.deepEqual({ idleCount, failedCount }, { idleCount: 0, failedCount: 0 })
  await turn()
  assert.ok(connectionCount() <= 1)
})

it('leaves a createConnection that throws to the result', async (context) => {
  const error = new Error('not today')
  const createConnection = (): never => {
    throw error
  }
  const agent = forTest(context, Object.assign(new HttpAgent(), { createConnection }))
  const result = await agent.warm('http://localhost', 2)
  assert.deepEqual(result, { idleCount: 0, failedCount: 1, error })
})

it('lets the process end while connections are warm', async (context) => {
  const { port } = await listen(context, net.createServer())
  const script = fileURLToPath(new URL('warm-process.js', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [script, String(port)], {
    encoding: 'utf8',
  })
  assert.equal(stdout, '2\n')
  assert.equal(status, 0)
})

for (const url of ['', '/path', 'ftp://localhost', 'https://localhost', 'localhost:80', 7, null]) {
  it(`refuses ${JSON.stringify(url)} as a URL`, async (context) => {
    const agent = forTest(context, new HttpAgent())
    await assert.rejects(agent.warm(url as string, 1), {
      code: 'ERR_HOLDFAST_INVALID_ARGUMENT',
      value: url,
    })
    assert.deepEqual(agent.inspect(), [])
  })
}

for (const count of [-1, 1.5, 10_001, Number.NaN, '1', undefined]) {
  it(`refuses ${typeof count} ${count} as a count`, async (context) => {
    const agent = forTest(context, new HttpAgent())
    await assert.rejects(agent.warm('http://localhost', count as number), {
      code: 'ERR_HOLDFAST_INVALID_ARGUMENT',
      value: count,
    })
    assert.deepEqual(agent.inspect(), [])
    // A refused call leaves none behind that would wait.
    assert.equal(agent.stats().connecting, 0)
  })
}
