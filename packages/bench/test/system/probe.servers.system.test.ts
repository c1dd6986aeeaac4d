import process from 'node:process'
import { describe, it } from 'vitest'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import { ServerProcess } from '../../../../tests/servers/server-process.ts'
import { startApache } from '../../../../tests/servers/start-apache.ts'
import { startHaproxy } from '../../../../tests/servers/start-haproxy.ts'
import { startNginx } from '../../../../tests/servers/start-nginx.ts'
import { repositoryPath } from '../../../../tests/workspace/repository-path.ts'
import type { ProbeResult } from '../../src/probe/probe-result.ts'
import { runHoldfast } from '../run-holdfast.ts'
import { mistakesIn } from '../schema-mistakes.ts'

const PORT = 8080
const MODEST = ['--max-wait', '8s', '--max-requests', '20', '--rate', '100', '--json']

/** Time by which a busy machine may move a measurement; servers' timers only run late. */
const EARLY_MS = 1000
const LATE_MS = 2500

const FIXTURES = repositoryPath('packages/http-agent/test/every-line/fixtures')
const TLS = { key: `${FIXTURES}/test-key.pem`, certificate: `${FIXTURES}/test-certificate.pem` }

const NODE_SERVER = `
  const server = require('node:http').createServer((_, response) => response.end('ok'))
  server.keepAliveTimeout = 2000
  server.maxRequestsPerSocket = 9
  server.listen(${PORT}, '127.0.0.1')
`

/** Settings of a server, and what the probe, which does not know them, must find. */
interface Case {
  readonly start: (namespace: NetworkNamespace) => Promise<ServerProcess>
  readonly url: string
  readonly idleMs: number
  readonly requests: object
  readonly hint: object
  /** Apache reads on for a while after its FIN, so that what it sent is not lost to a reset. */
  readonly lateRequest?: 'ignored'
  readonly best: string | undefined
  readonly idleTimeoutMs: readonly [atLeast: number, atMost: number]
  readonly maxRequestsPerConnection: number | null
}

const PLAIN = `http://127.0.0.1:${PORT}/ok`
const NO_HINT = { habit: 'never', text: null, timeoutVerdict: 'unknown', maxVerdict: 'unknown' }

const CASES: Readonly<Record<string, Case>> = {
  'nginx, keepalive_timeout 3s, keepalive_requests 7': {
    start: (network) =>
      startNginx(network, { port: PORT, keepAliveTimeout: '3s', keepAliveRequests: 7 }),
    url: PLAIN,
    idleMs: 3000,
    requests: { kind: 'cap', served: 7, announced: true, afterwards: 'fin', connections: 2 },
    hint: NO_HINT,
    best: 'nginx',
    idleTimeoutMs: [1000, 4500],
    maxRequestsPerConnection: 6,
  },
  'nginx with TLS, keepalive_timeout 4s 2s': {
    start: (network) => startNginx(network, { port: PORT, keepAliveTimeout: '4s 2s', tls: TLS }),
    url: `https://127.0.0.1:${PORT}/`,
    idleMs: 4000,
    requests: { kind: 'none-seen', served: 20 },
    hint: { habit: 'always', timeoutMs: 2000, max: null, timeoutVerdict: 'later' },
    best: 'nginx',
    idleTimeoutMs: [1000, 1000],
    maxRequestsPerConnection: null,
  },
  'Apache, KeepAliveTimeout 2, MaxKeepAliveRequests 5': {
    start: (network) =>
      startApache(network, { port: PORT, keepAliveTimeoutSeconds: 2, maxKeepAliveRequests: 5 }),
    url: PLAIN,
    idleMs: 2000,
    requests: { kind: 'cap', served: 6, announced: true, afterwards: 'fin', connections: 2 },
    hint: {
      habit: 'on-request',
      text: 'timeout=2, max=5',
      timeoutMs: 2000,
      max: 5,
      maxCounts: 'down',
      maxVerdict: 'as-announced',
    },
    lateRequest: 'ignored',
    best: 'apache-2.4',
    idleTimeoutMs: [1, 1000],
    maxRequestsPerConnection: 5,
  },
  'HAProxy, timeout http-keep-alive 2500ms': {
    start: (network) => startHaproxy(network, { port: PORT, keepAliveTimeoutMs: 2500 }),
    url: PLAIN,
    idleMs: 2500,
    requests: { kind: 'none-seen', served: 20 },
    hint: NO_HINT,
    // It says nothing of itself, and has a limit of its own: nobody could know it.
    best: undefined,
    idleTimeoutMs: [500, 4000],
    maxRequestsPerConnection: null,
  },
  'Node, keepAliveTimeout 2000, maxRequestsPerSocket 9': {
    start: (network) => ServerProcess.start(network, [process.execPath, '-e', NODE_SERVER], PORT),
    url: PLAIN,
    // It leaves a second for requests that are on their way.
    idleMs: 3000,
    // It announces the end and leaves the close to its client.
    requests: { kind: 'cap', served: 9, announced: true, afterwards: 'nothing', connections: 2 },
    hint: { habit: 'always', text: 'timeout=2, max=9', maxCounts: 'not', timeoutVerdict: 'later' },
    best: 'node',
    idleTimeoutMs: [1000, 1000],
    maxRequestsPerConnection: 8,
  },
}

describe.concurrent('holdfast probe, of a server whose settings it was not told', () => {
  it.for(Object.entries(CASES))('%s', async ([, expected], { expect }) => {
    await using network = await NetworkNamespace.create()
    await using _server = await expected.start(network)
    const args = ['probe', expected.url, ...MODEST, '--insecure']
    const { code, out, err } = await runHoldfast(args, network)
    const result = JSON.parse(out) as ProbeResult
    const { findings, matches, policy } = result

    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^probing .*\n$/u) })
    expect(mistakesIn('probe-result', result)).toEqual([])
    expect(findings.notes).toEqual([])
    expect(findings).toMatchObject({
      httpVersion: '1.1',
      status: 200,
      idle: { kind: 'closed' },
      requests: expected.requests,
      hint: expected.hint,
      closes: { first: 'server', how: 'fin', lateRequest: expected.lateRequest ?? 'reset' },
      closeRequest: { kind: 'closed', how: 'fin', announced: true },
    })
    const { shortestMs, longestMs } = findings.idle as { shortestMs: number; longestMs: number }
    expect(shortestMs).toBeGreaterThan(expected.idleMs - EARLY_MS)
    expect(longestMs).toBeLessThan(expected.idleMs + LATE_MS)
    expect(matches[0]?.name).toBe(expected.best)
    expect(policy.idleTimeoutMs).toBeGreaterThanOrEqual(expected.idleTimeoutMs[0])
    expect(policy.idleTimeoutMs).toBeLessThanOrEqual(expected.idleTimeoutMs[1])
    expect(policy.maxRequestsPerConnection).toBe(expected.maxRequestsPerConnection)
  })

  it('TLS: version, what is chosen of h2 and http/1.1, and whether sessions are resumed', async ({
    expect,
  }) => {
    await using network = await NetworkNamespace.create()
    await using _server = await startNginx(network, { port: PORT, tls: TLS })
    const url = `https://127.0.0.1:${PORT}/`
    const args = ['probe', url, '--max-wait', '200ms', '--max-requests', '2', '--json']
    const { out } = await runHoldfast([...args, '--insecure'], network)
    const refused = await runHoldfast(args, network)

    expect((JSON.parse(out) as ProbeResult).findings.tls).toEqual({
      version: expect.stringMatching(/^TLSv1\.[23]$/u),
      cipher: expect.stringMatching(/AES|CHACHA/u),
      alpn: 'http/1.1',
      sessionReused: true,
    })
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(
      /holdfast: the certificate of 127\.0\.0\.1:8080 is not trusted \([A-Z_]+\); --insecure /u,
    )
  })
})
