import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import process from 'node:process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { listen } from './loopback.ts'
import { OK } from './raw-server.ts'

it('keeps the process alive that waits for the place of a connection whose peer does not close', async (context) => {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', () => socket.write(OK))
  })
  const { port } = await listen(context, server)
  const script = fileURLToPath(new URL('waiting-process.js', import.meta.url))
  const child = spawn(process.execPath, [script, String(port)], { env: {} })
  context.after(() => child.kill())
  let output = ''
  child.stdout.on('data', (bytes) => {
    output += bytes
  })
  child.stderr.pipe(process.stderr)
  const [code] = await once(child, 'close')
  assert.deepEqual({ code, output }, { code: 0, output: 'okokok' })
})
