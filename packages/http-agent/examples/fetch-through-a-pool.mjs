// Node's own fetch, through a pool with its own rules.

import process from 'node:process'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'

const [url = 'http://localhost:8080/'] = process.argv.slice(2)

const dispatcher = new KeepAliveDispatcher({
  connections: 2,
  policy: { maxRequestsPerConnection: 5, acquireTimeoutMs: 5000 },
})

const texts = await Promise.all(
  Array.from({ length: 20 }, async () => {
    const response = await fetch(url, { dispatcher })
    return await response.text()
  }),
)
const { dials, reuses, closes } = dispatcher.stats()
console.log(`${texts.length} responses by ${dials} connections, ${reuses} of them by a used one`)
console.log('closed:', closes)
await dispatcher.close()
