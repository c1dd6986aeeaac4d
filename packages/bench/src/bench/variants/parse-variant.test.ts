import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parseVariant } from './parse-variant.ts'

it('takes the name of a client', () => {
  expect(parseVariant('node')).toEqual({ name: 'node', client: 'node', options: {} })
})

it('takes options, each as what it looks like', () => {
  const text = 'holdfast:idleTimeoutMs=1000,connectionAgeJitter=0.5,learnIdleLimit=false'
  expect(parseVariant(`${text},maxRequestsPerConnection=Infinity`)).toEqual({
    name: `${text},maxRequestsPerConnection=Infinity`,
    client: 'holdfast',
    options: {
      idleTimeoutMs: 1000,
      connectionAgeJitter: 0.5,
      learnIdleLimit: false,
      maxRequestsPerConnection: Number.POSITIVE_INFINITY,
    },
  })
})

it("takes the path of a module, and Node's options of an agent beside a policy", () => {
  const file = fileURLToPath(import.meta.url)
  expect(parseVariant(`${file}:size=3`)).toEqual({
    name: `${file}:size=3`,
    client: import.meta.url,
    options: { size: 3 },
  })
  expect(parseVariant('holdfast:maxSockets=7,idleTimeoutMs=5').options).toEqual({
    maxSockets: 7,
    idleTimeoutMs: 5,
  })
})

it.each([
  ['curl', 'unknown variant curl; see holdfast bench --help'],
  ['', 'unknown variant ; see holdfast bench --help'],
  ['node:', "variant 'node:': expected key=value, got ''"],
  ['node:keepAlive', "variant 'node:keepAlive': expected key=value, got 'keepAlive'"],
  ['node:=1', "variant 'node:=1': expected key=value, got '=1'"],
  ['node:idleTimeoutMs=1', 'variant node: unknown option idleTimeoutMs; known: keepAlive,'],
  ['undici8-fetch:maxSockets=1', 'variant undici8: unknown option maxSockets; known: bodyTimeout,'],
  ['floor:maxSockets=1', 'variant floor: unknown option maxSockets; it has none'],
  ['holdfast8:maxSockets=1', 'unknown option maxSockets; known: the fields of the policy'],
  ['holdfast:idleTimeoutMs=0', 'policy.idleTimeoutMs must be a number from 1'],
  ['holdfast:idleTimeout=1', 'policy.idleTimeout must be spelt policy.idleTimeoutMs'],
  ['./nothing-here.js', 'variant ./nothing-here.js: there is no such file'],
])('refuses %j', (text, message) => {
  expect(() => parseVariant(text)).toThrow(message)
})
