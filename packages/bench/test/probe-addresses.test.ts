import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import net from 'node:net'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import { it } from 'vitest'
import { LOOPBACK_CERTIFICATE } from '../src/bench/upstreams/loopback-certificate.ts'
import type { ProbeResult } from '../src/probe/probe-result.ts'
import { type Finished, MAIN, runHoldfast } from './run-holdfast.ts'
import { mistakesIn } from './schema-mistakes.ts'
import { okResponse, type Script, ScriptedHttpServer } from './scripted-http-server.ts'

const MODEST = ['--max-requests', '3', '--rate', '200', '--max-wait', '400ms', '--timeout', '10m']

const RESOLVER = new URL('modules/scripted-name.ts', import.meta.url).href

/** Probes a name where the resolver's answer for it is so. */
async function probe(
  url: string,
  answer: readonly string[],
  ...args: readonly string[]
): Promise<Finished> {
  return await runHoldfast(['probe', url, ...MODEST, ...args], {
    command: (program, rest) => [program, '--import', RESOLVER, ...rest],
    env: { SCRIPTED_NAME: answer.join(',') },
  })
}

function resultsIn({ out }: Finished): ProbeResult[] {
  const results = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ProbeResult)
  const mistakes = results.flatMap((result) => mistakesIn('probe-result', result))
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes))
  return results
}

const answering = (server: string): Script => ({ answer: () => okResponse(`Server: ${server}`) })

/** Servers at addresses of their own, all at the same port. */
async function serversAt(
  ...hosts: readonly [string, ...string[]]
): Promise<ScriptedHttpServer[] & AsyncDisposable> {
  const [first, ...others] = hosts
  const server = await ScriptedHttpServer.start(answering(first), { host: first })
  const { port } = server
  const servers = [server]
  for (const host of others) {
    servers.push(await ScriptedHttpServer.start(answering(host), { host, port }))
  }
  return Object.assign(servers, {
    [Symbol.asyncDispose]: async () => {
      for (const each of servers) await each[Symbol.asyncDispose]()
    },
  })
}

const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port

const urlOf = ([server]: readonly ScriptedHttpServer[]): string =>
  `http://service.test:${server?.port}/`

it.concurrent('holdfast probe keeps to one address of a name, looked up once', async ({
  expect,
}) => {
  // Nothing listens at the first address until the second has taken a connection.
  const better = net.createServer()
  let connections = 0
  better.on('connection', (socket) => {
    connections += 1
    socket.destroy()
  })
  const names = new Set<unknown>()
  const { keyFile, certificateFile } = LOOPBACK_CERTIFICATE
  const [key, cert] = [readFileSync(keyFile), readFileSync(certificateFile)]
  const server = https.createServer({ key, cert }, async ({ headers, socket }, response) => {
    names.add((socket as TLSSocket).servername).add(headers.host)
    if (!better.listening) {
      better.listen(portOf(server), '127.0.0.2')
      await once(better, 'listening')
    }
    response.end('ok')
  })
  server.listen(0, '127.0.0.3')
  await once(server, 'listening')
  const port = portOf(server)
  const answer = ['127.0.0.2', '127.0.0.3', '127.0.0.2']
  const ended = await probe(`https://service.test:${port}/`, answer, '--insecure', '--json')
  const [result] = resultsIn(ended)
  better.close()
  server.close()

  expect(ended.code).toBe(0)
  expect(result?.addresses).toEqual(['127.0.0.2', '127.0.0.3'])
  expect(result?.observations.address).toBe('127.0.0.3')
  expect(result?.findings.notes).toEqual([])
  expect(connections).toBe(0)
  expect([...names]).toEqual(['service.test', `service.test:${port}`])
})

it.concurrent('holdfast probe says how many addresses a name has', async ({ expect }) => {
  await using servers = await serversAt('127.0.0.2', '127.0.0.3')
  const url = urlOf(servers)
  const { out, err } = await probe(url, ['127.0.0.2', '127.0.0.3'])

  expect(out).toContain(`${url} at 127.0.0.2 keeps idle connections`)
  expect(out).toMatch(/^addresses +2: 127\.0\.0\.2, 127\.0\.0\.3; probed: 127\.0\.0\.2$/mu)
  expect(err).toContain('it has 2 addresses, --each-address probes each')
})

it.concurrent('holdfast probe --each-address probes each, and tells where they differ', async ({
  expect,
}) => {
  await using servers = await serversAt('127.0.0.2', '127.0.0.3')
  const ended = await probe(urlOf(servers), ['127.0.0.2', '127.0.0.3'], '--each-address')

  expect(ended.code).toBe(0)
  expect(ended.err).toContain(' at 2 addresses, in turn, at each: up to 16 connections')
  expect(ended.out.match(/ at 127\.0\.0\.\d keeps idle/gu)).toEqual([
    ' at 127.0.0.2 keeps idle',
    ' at 127.0.0.3 keeps idle',
  ])
  expect(ended.out).toContain(
    [
      'The 2 addresses that were probed differ in one fact',
      '',
      'HTTP:',
      '  127.0.0.2  1.1, status 200, Server: 127.0.0.2',
      '  127.0.0.3  1.1, status 200, Server: 127.0.0.3',
      '',
    ].join('\n'),
  )
})

it.concurrent('holdfast probe --each-address goes on after an address that refuses', async ({
  expect,
}) => {
  await using servers = await serversAt('127.0.0.2', '127.0.0.3')
  const answer = ['127.0.0.2', '127.0.0.1', '127.0.0.3']
  const ended = await probe(urlOf(servers), answer, '--each-address', '--json')

  expect(ended.code).toBe(1)
  expect(ended.err).toMatch(
    /^127\.0\.0\.1: nothing listens at service\.test:\d+ \(ECONNREFUSED\)$/mu,
  )
  expect(resultsIn(ended).map(({ observations }) => observations.address)).toEqual([
    '127.0.0.2',
    '127.0.0.3',
  ])
})

it.concurrent('holdfast probe --each-address probes at most sixteen', async ({ expect }) => {
  await using servers = await serversAt('127.0.0.1')
  const others = Array.from({ length: 40 }, (_, index) => `127.0.1.${index + 1}`)
  const answer = ['127.0.0.1', ...others]
  const { code, err } = await probe(urlOf(servers), answer, '--each-address')

  expect(code).toBe(1)
  expect(err).toContain(' at the first 16 of 41 addresses, in turn')
  expect(err.match(/ECONNREFUSED/gu)).toHaveLength(15)
})

it.concurrent('holdfast probe reads 1,024 addresses of ten thousand', async ({ expect }) => {
  await using servers = await serversAt('127.0.0.1')
  const many = Array.from({ length: 10_000 }, (_, index) => `127.1.${index >> 8}.${index & 255}`)
  const [result] = resultsIn(await probe(urlOf(servers), ['127.0.0.1', ...many], '--json'))

  expect(result?.addresses).toHaveLength(1024)
})

it.concurrent.for([
  [[], 'there is no address for the name service.test'],
  [['no address'], 'there is no address for the name service.test'],
  [['never'], 'the name service.test was not looked up within 0.1 s'],
] as const)(
  'holdfast probe says so where the resolver answers %j',
  async ([answer, message], { expect }) => {
    const { code, err } = await probe('http://service.test/', answer, '--timeout', '100ms')

    expect(code).toBe(1)
    expect(err).toContain(`holdfast: ${message}`)
  },
)

it.concurrent('holdfast probe --each-address tells what it knows when it is interrupted', async ({
  expect,
}) => {
  await using servers = await serversAt('127.0.0.2')
  const silence = { host: '127.0.0.3', port: servers[0]?.port ?? 0 }
  await using silent = await ScriptedHttpServer.start({ answer: () => null }, silence)
  const args = ['--import', RESOLVER, MAIN, 'probe', urlOf(servers), ...MODEST, '--each-address']
  const env = { ...process.env, COLUMNS: '1000', SCRIPTED_NAME: '127.0.0.2,127.0.0.3' }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env })
  const out = text(child.stdout)
  while (silent.requests === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGINT')
  const [code] = await once(child, 'close')

  expect(code).toBe(130)
  expect((await out).match(/ at 127\.0\.0\.\d keeps/gu)).toEqual([' at 127.0.0.2 keeps'])
})
