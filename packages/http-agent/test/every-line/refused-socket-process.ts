/* A process in which no client of undici can speak on a socket, because its parser cannot be compiled. */
import { createServer } from 'node:net'
import process, { argv } from 'node:process'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import type { Dispatcher } from 'undici'
import { UNDICI_VERSIONS, type Undici } from './undici-versions.ts'

const { undici } = UNDICI_VERSIONS.find(({ name }) => name === argv[2]) as { undici: Undici }
// The parser loads with the first socket.
const { WebAssembly } = globalThis as unknown as { WebAssembly: object }
Reflect.deleteProperty(WebAssembly, 'Module')
let connectionCount = 0
const server = createServer((socket) => {
  connectionCount++
  socket.on('error', () => undefined)
})
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})
const { port } = server.address() as { port: number }

const play = async (dispatcher: Dispatcher): Promise<unknown> => {
  connectionCount = 0
  const said = await undici.request(`http://127.0.0.1:${port}`, { dispatcher }).then(
    () => 'answered',
    (error: Error) => [error.name, error.message],
  )
  await dispatcher.close()
  return { said, connectionCount }
}

const ours = await play(new KeepAliveDispatcher({ undici }))
const theirs = await play(new undici.Agent())
server.close()
process.stdout.write(JSON.stringify({ ours, theirs }))
