import { expect, it } from 'vitest'
import { parseVariant } from './parse-variant.ts'

it('takes the name of a client', () => {
  expect(parseVariant('node')).toEqual({ name: 'node', client: 'node', options: {} })
})

it('takes options, each as what it looks like', () => {
  const text = 'holdfast:idleTimeoutMs=1000,connectionAgeJitter=0.5,learnIdleLimit=false,a=b'
  expect(parseVariant(`${text},maxRequestsPerConnection=Infinity`)).toEqual({
    name: `${text},maxRequestsPerConnection=Infinity`,
    client: 'holdfast',
    options: {
      idleTimeoutMs: 1000,
      connectionAgeJitter: 0.5,
      learnIdleLimit: false,
      a: 'b',
      maxRequestsPerConnection: Number.POSITIVE_INFINITY,
    },
  })
})

it.each([
  ['curl', 'unknown variant curl; known: short, node, agentkeepalive, holdfast'],
  ['', 'unknown variant ; known: short'],
  ['node:', "variant node:: expected key=value, got ''"],
  ['node:keepAlive', "variant node:keepAlive: expected key=value, got 'keepAlive'"],
  ['node:=1', "variant node:=1: expected key=value, got '=1'"],
])('refuses %j', (text, message) => {
  expect(() => parseVariant(text)).toThrow(message)
})
