import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import process from 'node:process'
import { it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { listen, serveHttp } from './loopback.ts'
import { OK } from './raw-server.ts'

const NO_TIMERS = ', 0 timers that keep it alive'

/** Runs a program to its end, and returns what it says. */
const outputOf = async (context: TestContext, program: string, ...args: unknown[]) => {
  const script = fileURLToPath(new URL(program, import.meta.url))
  const child = spawn(process.execPath, [script, ...args.map(String)], { env: {} })
  context.after(() => child.kill())
  let output = ''
  child.stdout.on('data', (bytes) => {
    output += bytes
  })
  child.stderr.pipe(process.stderr)
  const [code] = await once(child, 'close')
  return { code, output }
}

it('keeps the process alive that waits for the place of a connection whose peer does not close', async (context) => {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', () => socket.write(OK))
  })
  const { port } = await listen(context, server)
  const outcome = await outputOf(context, 'waiting-process.js', port)
  assert.deepEqual(outcome, { code: 0, output: 'okokok' })
})

it('keeps the process alive until a request has waited for as long as it may', async (context) => {
  const outcome = await outputOf(context, 'timed-waiting-process.js', 1, 0, 50)
  assert.deepEqual(outcome, { code: 0, output: `ERR_HOLDFAST_ACQUIRE_TIMEOUT${NO_TIMERS}` })
})

it('does not keep the process alive once no request waits any more', async (context) => {
  const { port } = await serveHttp(context)
  const outcome = await outputOf(context, 'timed-waiting-process.js', port, 1, 600_000)
  assert.deepEqual(outcome, { code: 0, output: `ok${NO_TIMERS}` })
})
