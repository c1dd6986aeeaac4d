/* A process that is started with flags of Node, and makes requests of each kind, one of them in vain. */
import process from 'node:process'
import { HttpAgent, requestRecord } from '@holdfast/http-agent'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { exchange, start } from './exchange.ts'
import { turnUntil } from './turn.ts'
import { UNDICI_VERSIONS } from './undici-versions.ts'

const port = Number(process.argv[2])
/** Longer than a connection is idle that is used again without a look at its socket. */
const IDLE_MS = 10

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, IDLE_MS)
  })

const results: string[] = []

const agent = new HttpAgent({ policy: { minIdlePerOrigin: 1 } })
for (const method of ['GET', 'POST', 'GET', 'POST']) {
  const { body } = await exchange({ agent, port, method, body: method === 'POST' ? 'x' : '' })
  results.push(body)
  await pause()
}
const { request, closed } = start({ agent, port })
request.destroy()
await closed
results.push(requestRecord(request) === undefined ? 'unrecorded' : 'recorded')
await agent.warm(`http://127.0.0.1:${port}`, 2)
agent.inspect()
results.push((await agent.drain()).outcome)
await turnUntil(() => agent.stats().closing === 0)

for (const { undici } of UNDICI_VERSIONS) {
  const dispatcher = new KeepAliveDispatcher({ undici, policy: { minIdlePerOrigin: 1 } })
  for (const method of ['GET', 'POST', 'GET', 'POST'] as const) {
    const { body } = await undici.request(`http://127.0.0.1:${port}/`, {
      dispatcher,
      method,
      body: method === 'POST' ? 'x' : null,
    })
    results.push(await body.text())
    await pause()
  }
  dispatcher.inspect()
  await dispatcher.close()
}
process.stdout.write(results.join(' '))
