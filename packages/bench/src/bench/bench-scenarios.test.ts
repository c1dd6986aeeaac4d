import { describe, expect, it } from 'vitest'
import { parseOptions } from '../cli/command-line.ts'
import { BENCH_OPTIONS } from './bench-options.ts'
import type { Scenario } from './bench-result.ts'
import { scenariosOf } from './bench-scenarios.ts'

const scenariosFor = (...args: readonly string[]): Scenario[] =>
  scenariosOf(parseOptions(BENCH_OPTIONS, args))

describe('what is measured', () => {
  it('is short against long connections unless said', () => {
    const [scenario, ...others] = scenariosFor()
    expect(others).toEqual([])
    expect(scenario).toMatchObject({
      baseline: 'node',
      path: 'gateway',
      workload: { kind: 'closed' },
      upstream: { kind: 'node', closes: false },
      connections: 50,
      method: 'GET',
      bodyBytes: 0,
      mayFail: false,
    })
    expect(scenario?.participants.map(({ id }) => id)).toEqual([
      'node',
      'node-again',
      'short',
      'agentkeepalive',
      'holdfast',
    ])
  })

  it('is one scenario for each number of connections', () => {
    const scenarios = scenariosFor('--connections', '10,50')
    expect(scenarios.map(({ connections }) => connections)).toEqual([10, 50])
  })

  it('has a body where it is a POST', () => {
    const args = ['--method', 'POST', '--body-bytes', '7']
    expect(scenariosFor(...args)).toMatchObject([{ method: 'POST', bodyBytes: 7 }])
  })

  it.each([
    ['--workload', 'gap:gapMs=10'],
    ['--upstream', 'nginx:keepalive_requests=10'],
    ['--middlebox-idle', '3'],
  ])('may fail with %s %s', (...args) => {
    expect(scenariosFor(...args)).toMatchObject([{ mayFail: true }])
  })

  it('may not fail for the size or the delay of an answer', () => {
    const args = ['--upstream', 'node:bodyBytes=9,delayMs=1']
    expect(scenariosFor(...args)).toMatchObject([{ mayFail: false }])
  })
})

describe('what is refused', () => {
  it.each([
    ['--workload idle', '--workload idle needs --path direct'],
    ['--workload dense', 'unknown workload dense; known: closed, open, burst, gap, idle'],
    ['--workload open:rate=0', "workload open: rate must be a number from 1 to 20000, got '0'"],
    ['--upstream node:close=reset --tls', 'cannot reset a connection of TLS'],
    ['--upstream lighttpd', 'unknown upstream lighttpd; known: node, nginx, apache, haproxy'],
    [
      '--upstream nginx:delayMs=5',
      'upstream nginx: unknown option delayMs; known: keepalive_timeout',
    ],
    [
      '--upstream http://localhost:1/ --tls',
      '--origins and --tls need an upstream that is started',
    ],
    ['--upstream http://localhost:1/ --middlebox-idle 3', 'no --middlebox-idle'],
    ['--upstream http://localhost:1/ --isolation require', 'no --isolation require'],
    ['--upstream http://', "'http://' is no URL"],
    ['--variant floor --origins 2', 'variant floor has one origin: no --origins'],
    ['--baseline undici7-pool --origins 2', 'variant undici7-pool has one origin: no --origins'],
  ])('%s', (args, message) => {
    expect(() => scenariosFor(...args.split(' '))).toThrow(message)
  })
})

describe('another machine', () => {
  const remote = (...args: readonly string[]): Scenario[] =>
    scenariosFor('--upstream', 'http://192.0.2.1/', '--timeline-ms', '0', ...args)

  it.each(['http://127.0.0.1:1/', 'http://127.3.4.5/', 'http://[::1]/', 'https://localhost/a?b'])(
    'is not %s',
    (url) => {
      expect(scenariosFor('--upstream', url)).toMatchObject([{ upstream: { kind: 'url', url } }])
    },
  )

  it('is loaded only by those who own it, and then little', () => {
    expect(() => remote()).toThrow('192.0.2.1 is another machine: say --i-own-this-host')
    expect(() => remote('--i-own-this-host')).toThrow('another machine takes --workload open')
    const open = ['--i-own-this-host', '--workload', 'open:rate=200']
    expect(() => remote(...open.slice(0, 2), 'open:rate=201')).toThrow('with N up to 200')
    expect(() => remote(...open, '--connections', '51')).toThrow('up to 50 connections')
    expect(() => remote(...open, '--slice-ms', '1201')).toThrow('loaded for up to 60 s')
    // Five participants, ten blocks, those of the warm-up included: 60 s.
    expect(remote(...open, '--slice-ms', '1200')).toHaveLength(1)
  })

  it('is every host that is not loopback', () => {
    for (const host of ['example.com', 'localhost.example.com', '127.0.0.1.nip.io', '0.0.0.0']) {
      expect(() => scenariosFor('--upstream', `http://${host}/`)).toThrow('is another machine')
    }
  })
})
