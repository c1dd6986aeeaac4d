import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { it } from 'vitest'
import type { ProbeResult } from '../src/probe/probe-result.ts'
import { MAIN, runHoldfast } from './run-holdfast.ts'
import { mistakesIn } from './schema-mistakes.ts'
import {
  type Act,
  closes,
  halfCloses,
  okResponse,
  resets,
  type Script,
  ScriptedHttpServer,
} from './scripted-http-server.ts'

const MODEST = ['--max-requests', '12', '--rate', '200', '--json']

/**
 * Limits for servers that end connections, or answer, however late; short ones would race with
 * them.
 */
const UNHURRIED = ['--max-wait', '2h', '--timeout', '10m']

const ok = (): string => okResponse()

async function probe(script: Script, ...args: readonly string[]): Promise<ProbeResult> {
  await using server = await ScriptedHttpServer.start(script)
  const { out, err, code } = await runHoldfast(['probe', server.url, ...MODEST, ...args])
  if (code !== 0) throw new Error(err)
  const result = JSON.parse(out) as ProbeResult
  const mistakes = mistakesIn('probe-result', result)
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes))
  return result
}

it.concurrent('holdfast probe sees a reset', async ({ expect }) => {
  const whenIdle = { afterMs: 600, act: resets }
  const { findings, warnings } = await probe({ answer: ok, whenIdle }, ...UNHURRIED)

  expect(findings.idle.kind).toBe('closed')
  expect(findings.closes).toEqual({ first: 'server', how: 'reset', lateRequest: null })
  expect(warnings).toContain('it resets idle connections instead of closing them')
})

it.concurrent('holdfast probe sees that a server lies about how long it waits', async ({
  expect,
}) => {
  const answer = (): string => okResponse('Keep-Alive: timeout=3600')
  const whenIdle = { afterMs: 1500, act: closes }
  const { findings, policy } = await probe({ answer, whenIdle }, ...UNHURRIED)

  expect(findings.hint).toMatchObject({
    habit: 'always',
    timeoutMs: 3_600_000,
    timeoutVerdict: 'earlier',
  })
  const { shortestMs } = findings.idle as { readonly shortestMs: number }
  // A client that believed it would keep connections for an hour.
  expect(policy.idleTimeoutMs).toBeLessThan(shortestMs)
})

it.concurrent('holdfast probe sees that a server lies about how many requests it takes', async ({
  expect,
}) => {
  const act: Act = (socket, requests) => {
    if (requests === 4) closes(socket)
  }
  const { findings } = await probe(
    {
      answer: (request) =>
        okResponse('Keep-Alive: max=10', ...(request === 4 ? ['Connection: close'] : [])),
      whenIdle: { afterMs: 0, act },
    },
    ...['--max-wait', '400ms', '--timeout', '10m'],
  )

  expect(findings.requests).toMatchObject({ kind: 'cap', served: 4, announced: true })
  expect(findings.hint.maxVerdict).toBe('fewer')
})

it.concurrent('holdfast probe sees a server that half-closes and reads on', async ({ expect }) => {
  const whenIdle = { afterMs: 600, act: halfCloses }
  const { findings } = await probe({ answer: ok, whenIdle }, ...UNHURRIED)

  expect(findings.closes).toEqual({ first: 'server', how: 'fin', lateRequest: 'ignored' })
})

it.concurrent('holdfast probe sees that connections are lost without a sign', async ({
  expect,
}) => {
  // The longest waits are longer than the server remembers; its silence is told from lateness by time.
  const patience = ['--max-wait', '6s', '--timeout', '5s']
  const { findings, policy, warnings } = await probe(
    { answer: ok, forgetsAfterMs: 2200 },
    ...patience,
  )

  expect(findings.idle).toMatchObject({ kind: 'forgotten' })
  expect(findings.closes.how).toBe('silent')
  // Nothing that was answered had been idle for longer than the server remembers.
  expect(policy.idleTimeoutMs).toBeLessThan(2200)
  expect(policy.maxRequestsPerConnection).toBeNull()
  expect(warnings).toContain(
    'connections are lost silently, at the server or on the way: the policy stays below the longest wait that was answered',
  )
})

it.concurrent('holdfast probe takes no age for a cap', async ({ expect }) => {
  // At twice the rate, an age is twice as many requests.
  let requestsOfAge = 15
  const act: Act = (socket, requests) => {
    if (requests < requestsOfAge) return
    requestsOfAge *= 2
    closes(socket)
  }
  await using server = await ScriptedHttpServer.start({
    answer: ok,
    whenIdle: { afterMs: 0, act },
  })
  const args = ['--max-requests', '400', '--rate', '10', '--max-wait', '400ms', '--json']
  const { out } = await runHoldfast(['probe', server.url, ...args, '--timeout', '10m'])

  // How clearly it is seen depends on how fast the machine is.
  expect(['age', 'unclear']).toContain((JSON.parse(out) as ProbeResult).findings.requests.kind)
})

it.concurrent('holdfast probe sees what ignores Connection: close, and what closes after each response', async ({
  expect,
}) => {
  const stubborn = await probe({ answer: ok }, '--max-wait', '400ms')
  const single = await probe(
    {
      answer: () => okResponse('Connection: close'),
      whenIdle: { afterMs: 0, act: halfCloses },
    },
    '--max-wait',
    '400ms',
  )

  expect(stubborn.findings.closeRequest).toMatchObject({ kind: 'stays-open', announced: false })
  expect(stubborn.findings.idle).toMatchObject({ kind: 'open' })
  expect(single.findings.idle).toEqual({ kind: 'single-use' })
  expect(single.policy.maxRequestsPerConnection).toBe(1)
})

it.concurrent('holdfast probe asks no more than it says', async ({ expect }) => {
  await using server = await ScriptedHttpServer.start({ answer: ok })
  const { err } = await runHoldfast(['probe', server.url, ...MODEST, '--max-wait', '400ms'])

  expect(err).toContain('up to 16 connections, up to 78 GET requests')
  expect(server.connections).toBeLessThanOrEqual(16)
  expect(server.requests).toBeLessThanOrEqual(78)
})

it.concurrent('holdfast probe tells what it knows when it is interrupted', async ({ expect }) => {
  await using server = await ScriptedHttpServer.start({ answer: ok })
  const args = [MAIN, 'probe', server.url, '--max-wait', '1h', '--max-requests', '5']
  const env = { ...process.env, COLUMNS: '1000' }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const out = text(child.stdout)
  while (server.requests < 9) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGINT')
  const [code] = await once(child, 'close')

  expect(code).toBe(130)
  expect(await out).toMatch(/keeps idle connections for at least .*, as far as is known\n/u)
  expect(await out).toMatch(/^request cap +not seen within 5/mu)
})

it.concurrent.for([
  [['probe'], 'probe needs a URL: holdfast probe http://…'],
  [['probe', 'http://127.0.0.1/', 'more'], "probe takes one URL, got also 'more'"],
  [['probe', 'http://127.0.0.1/', '--max-wait', '5'], '--max-wait must be a time such as 250ms'],
] as const)('refuses %j', async ([args, message], { expect }) => {
  const { code, err } = await runHoldfast(args)

  expect(code).toBe(2)
  expect(err).toContain(`holdfast: ${message}`)
})

/** Limit for a server that never comes to an end. */
const ENDLESS = '5s'

it.concurrent.for<[string, string, Act, timeout?: string]>([
  ['closes', 'closed the connection without an answer', closes],
  ['resets', 'reset the connection instead', resets],
  [
    'speaks another protocol',
    'did not answer in HTTP/1 (HPE_',
    (socket) => {
      socket.write('SSH-2.0-x\r\n')
    },
  ],
  ['never answers', 'gave no complete answer in time', () => undefined, ENDLESS],
  [
    'switches to another protocol',
    'switched to another protocol, unasked (status 101)',
    (socket) => {
      socket.write('HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n')
    },
  ],
  [
    'promises an answer for ever',
    'gave no complete answer in time',
    (socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 50)
      socket.on('close', () => clearInterval(timer))
    },
    ENDLESS,
  ],
  [
    'never ends its answer',
    'gave no complete answer in time',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      const timer = setInterval(() => socket.write('1\r\nx\r\n'), 50)
      socket.on('close', () => clearInterval(timer))
    },
    ENDLESS,
  ],
])('says so where the server %s', async ([, message, act, timeout = '10m'], { expect }) => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => act(socket, 1))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  const { code, err } = await runHoldfast([
    'probe',
    `http://127.0.0.1:${port}/`,
    '--timeout',
    timeout,
  ])
  server.close()

  expect(code).toBe(1)
  expect(err).toContain(`holdfast: http://127.0.0.1:${port}/ ${message}`)
})

it.concurrent('holdfast probe says so where nothing listens, or speaks no TLS', async ({
  expect,
}) => {
  await using server = await ScriptedHttpServer.start({ answer: ok })
  const insecure = await runHoldfast([
    'probe',
    server.url.replace('http:', 'https:'),
    '--timeout',
    '2s',
  ])
  const { url } = server
  await server[Symbol.asyncDispose]()
  const refused = await runHoldfast(['probe', url])

  expect([refused.code, insecure.code]).toEqual([1, 1])
  expect(refused.err).toMatch(/holdfast: nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/u)
  expect(insecure.err).toMatch(/holdfast: .*127\.0\.0\.1:\d+ .*TLS|did not accept|no connection/u)
})
