import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import dns from 'node:dns'
import type { AgentOptions } from 'node:http'
import net from 'node:net'
import process from 'node:process'
import { describe, it } from 'node:test'
import tls from 'node:tls'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { CONNECTION_OPTIONS, type OptionPart } from '../../dist/node/identity/connection-options.js'
import { SocketTargets } from '../../dist/node/identity/socket-targets.js'
import type { DrivenAgent } from '../../dist/node/internals/driven-agent.js'
import type { RequestOptions } from '../../dist/node/options/request-options.js'
import { TEST_IDENTITY } from './loopback.ts'

const { cert, key } = TEST_IDENTITY

/** Bytes that are no text, which differ although their texts do not. */
const binary = (last: number): Buffer => Buffer.from([0x30, 0x82, last])

/** Two values of each option whose difference counts, if the option counts at all. */
const VALUES: Readonly<Record<string, readonly [unknown, unknown]>> = {
  ALPNProtocols: [['x1'], ['x2']],
  autoSelectFamily: [true, false],
  autoSelectFamilyAttemptTimeout: [100, 200],
  blockList: [new net.BlockList(), new net.BlockList()],
  ca: [cert, [cert, cert]],
  cert: [cert, Buffer.from(`${cert}\n`)],
  checkServerIdentity: [() => undefined, () => undefined],
  crl: [binary(0x81), binary(0x82)],
  dhparam: ['auto', binary(0x81)],
  family: [4, 6],
  fd: [3, 4],
  handle: [{ handle: 1 }, { handle: 2 }],
  hints: [dns.ADDRCONFIG, dns.V4MAPPED],
  host: ['a.test', 'b.test'],
  key: [[{ pem: key, passphrase: 'a' }], [{ pem: key, passphrase: 'b' }]],
  localAddress: ['127.0.0.2', '127.0.0.3'],
  localPort: [1025, 1026],
  lookup: [() => undefined, () => undefined],
  maxVersion: ['TLSv1.2', 'TLSv1.3'],
  minVersion: ['TLSv1.2', 'TLSv1.3'],
  onread: [{ buffer: Buffer.alloc(1) }, { buffer: Buffer.alloc(2) }],
  path: ['/a.socket', '/b.socket'],
  pfx: [[{ buf: binary(0x81) }], [{ buf: binary(0x82) }]],
  port: [1, 2],
  pskCallback: [() => undefined, () => undefined],
  rejectUnauthorized: [true, false],
  secureContext: [tls.createSecureContext(), tls.createSecureContext()],
  secureOptions: [1, 2],
  servername: ['a.test', 'b.test'],
  session: [Buffer.from('a'), Buffer.from('b')],
  socket: [new net.Socket(), new net.Socket()],
}

/** What an option has that no value of its own stands for here. */
const OTHER_VALUES = ['a', 'b'] as const

const COUNTS: Readonly<Record<OptionPart, (isDialShared: boolean) => boolean>> = {
  named: () => true,
  added: () => true,
  dial: (isDialShared) => isDialShared,
  stream: () => false,
  server: () => false,
}

const create = (protocol: string, options: AgentOptions = {}): HttpAgent | HttpsAgent =>
  protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)

const keysOf = (
  agent: HttpAgent | HttpsAgent,
  isDialShared: boolean,
  requests: readonly RequestOptions[],
): string[] => {
  const targets = new SocketTargets({
    agent: agent as unknown as DrivenAgent,
    isDialShared,
    knownOf: () => undefined,
  })
  return requests.map((options) => targets.targetOf(undefined, options).key)
}

/** The options of a request, without the one under test and with each of its values. */
const requestsWith = (name: string): RequestOptions[] => {
  const [a, b] = VALUES[name] ?? OTHER_VALUES
  // Agents take it from there; their `path` is that of the request.
  const option = name === 'path' ? 'socketPath' : name
  const request = { host: 'some.test', port: 443, path: '/' }
  return [request, { ...request, [option]: a }, { ...request, [option]: b }]
}

/** By pairs, because the options of the request before are recognised. */
const inEveryOrder = (requests: readonly RequestOptions[]): RequestOptions[] =>
  requests.flatMap((first) => requests.flatMap((second) => [first, second]))

for (const protocol of ['http:', 'https:']) {
  for (const isDialShared of [false, true]) {
    describe(`of ${protocol} connections${isDialShared ? ' whose dials are shared' : ''}`, () => {
      for (const [name, { of, part, why }] of Object.entries(CONNECTION_OPTIONS)) {
        const counts = COUNTS[part](isDialShared) && (of === 'net' || protocol === 'https:')
        it(`${name} ${counts ? 'is' : 'is no'} part of the identity (${why})`, () => {
          const requests = requestsWith(name)
          const keys = keysOf(create(protocol), isDialShared, inEveryOrder(requests))
          assert.equal(new Set(keys).size, counts ? requests.length : 1)
          // Each request has the key that it has alone.
          const alone = inEveryOrder(requests).map(
            (request) => keysOf(create(protocol), isDialShared, [request])[0],
          )
          assert.deepEqual(keys, alone)
        })
      }
    })
  }
}

it('takes an option of the agent for an option of each of its requests', () => {
  const context = tls.createSecureContext()
  const [own] = keysOf(create('https:', { secureContext: context } as object), false, [{}])
  const [given] = keysOf(create('https:'), false, [{ secureContext: context }])
  assert.equal(own, given)
})

it('adds nothing to the name that Node makes where that says it all', () => {
  for (const protocol of ['http:', 'https:']) {
    const agent = create(protocol)
    const options = { host: 'some.test', port: 443, servername: 'other.test' }
    const name = agent.getName(options as object)
    assert.deepEqual(keysOf(agent, true, [{ ...options, ca: undefined }]), [name])
  }
})

/** Options that can be changed in place, each with a change. */
const CHANGES: Readonly<Record<string, () => readonly [RequestOptions, () => void]>> = {
  'a list': () => {
    const ca = [cert]
    return [{ ca }, () => ca.push(cert)]
  },
  'the bytes of a Buffer': () => {
    const ca = Buffer.from(cert)
    return [{ ca }, () => ca.writeUInt8(0, 5)]
  },
  'the bytes of a Buffer in a list': () => {
    const bytes = Buffer.from(cert)
    return [{ ca: [cert, bytes] }, () => bytes.writeUInt8(0, 5)]
  },
  'an object in a list': () => {
    const pair = { pem: key, passphrase: 'a' }
    return [
      { key: [pair] },
      () => {
        pair.passphrase = 'b'
      },
    ]
  },
}

for (const [name, prepare] of Object.entries(CHANGES)) {
  it(`sees that ${name} has changed, and that it has not`, () => {
    for (const isOwn of [false, true]) {
      const [options, change] = prepare()
      const targets = new SocketTargets({
        agent: create('https:', isOwn ? options : {}) as unknown as DrivenAgent,
        isDialShared: false,
        knownOf: () => undefined,
      })
      const keyOf = (): string =>
        targets.targetOf(undefined, { host: 'some.test', ...(isOwn ? {} : options) }).key
      const before = keyOf()
      assert.equal(keyOf(), before)
      change()
      assert.notEqual(keyOf(), before)
    }
  })
}

it('tells equal secrets by what is in them, and keys by reference', () => {
  const equal = [Buffer.from([0xff]), Buffer.from([0xff])].map((pfx) => ({ pfx }))
  assert.equal(new Set(keysOf(create('https:'), false, equal)).size, 1)
  const keys = [1, 2].map((byte) => ({ key: [createSecretKey(Buffer.alloc(16, byte))] }))
  assert.equal(new Set(keysOf(create('https:'), false, keys)).size, 2)
})

/** Sources of Node that read options of connections. */
const SOURCES = [
  'net',
  '_tls_wrap',
  '_tls_common',
  'internal/tls/wrap',
  'internal/tls/common',
  'internal/tls/secure-context',
]

/** Names that these sources read of options that belong to nothing in the table. */
const OF_OTHERS = ['interval', 'initialDelay', 'count', 'enable', '_handle', 'server', 'ipv6Only']

const optionsReadBy = (source: string): string[] => {
  const read = [...source.matchAll(/\b(?:options|tlsOptions)\??\.([a-zA-Z0-9_]+)/gu)]
  const unpacked = [...source.matchAll(/const \{([^{}]*)\} = options\b/gu)]
  const names = unpacked.flatMap(([, list = '']) =>
    list.split(',').map((entry) => (entry.trim().split(/[\s:=]/u, 1)[0] ?? '').trim()),
  )
  return [...read.map(([, name = '']) => name), ...names].filter((name) => name !== '')
}

it('knows every option that this Node reads', () => {
  const natives = (
    process as unknown as { binding: (name: string) => Readonly<Record<string, string>> }
  ).binding('natives')
  const sources = SOURCES.flatMap((name) => natives[name] ?? [])
  assert.ok(sources.length >= 3)
  const names = new Set(sources.flatMap(optionsReadBy))
  assert.ok(names.has('checkServerIdentity') && names.has('lookup') && names.has('pfx'))
  const known = new Set([...Object.keys(CONNECTION_OPTIONS), ...OF_OTHERS])
  assert.deepEqual(
    [...names].filter((name) => !known.has(name)),
    [],
  )
})
