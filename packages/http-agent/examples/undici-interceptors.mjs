// undici's interceptors, on connections of the pool.

import process from 'node:process'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { interceptors, request } from 'undici'

const [url = 'http://localhost:8080/'] = process.argv.slice(2)

const pool = new KeepAliveDispatcher({ policy: { idleTimeoutMs: 4000 } })
const dispatcher = pool.compose(interceptors.retry({ minTimeout: 10 }), interceptors.redirect())

const { statusCode, body } = await request(url, { dispatcher })
console.log(statusCode, (await body.text()).length, 'bytes')
for (const { remoteAddress, state, requestCount } of pool.inspect()) {
  console.log(`${remoteAddress}: ${state} after ${requestCount} requests`)
}
await pool.close()
