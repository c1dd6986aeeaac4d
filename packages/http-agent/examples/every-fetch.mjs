// Every request of the process that names no dispatcher, by fetch or by undici.

import process from 'node:process'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { setGlobalDispatcher } from 'undici'

const [url = 'http://localhost:8080/'] = process.argv.slice(2)

const dispatcher = new KeepAliveDispatcher({ connections: 10 })
setGlobalDispatcher(dispatcher)

await dispatcher.warm(url, 2)
const response = await fetch(url)
console.log(response.status, (await response.text()).length, 'bytes')
console.log('outcome of the drain:', (await dispatcher.drain({ timeoutMs: 1000 })).outcome)
