import { expect, it } from 'vitest'
import { parseSpec } from './spec.ts'

it.each([
  ['node', { name: 'node', options: {} }],
  ['a:b=c', { name: 'a', options: { b: 'c' } }],
  [
    'a:b=1,c=-0.5,d=true,e=false,f=Infinity',
    { name: 'a', options: { b: 1, c: -0.5, d: true, e: false, f: Number.POSITIVE_INFINITY } },
  ],
  ['a:b=', { name: 'a', options: { b: '' } }],
  ['a:b=c=d', { name: 'a', options: { b: 'c=d' } }],
  ['http://localhost:80/x', { name: 'http://localhost:80/x', options: {} }],
  ['file:///x/y.js:size=1', { name: 'file:///x/y.js', options: { size: 1 } }],
])('reads %j', (text, spec) => {
  expect(parseSpec('thing', text)).toEqual(spec)
})

it.each([
  ['a:', "thing 'a:': expected key=value, got ''"],
  ['a:b', "thing 'a:b': expected key=value, got 'b'"],
  ['a:b=1,', "thing 'a:b=1,': expected key=value, got ''"],
  ['a:=1', "thing 'a:=1': expected key=value, got '=1'"],
])('refuses %j', (text, message) => {
  expect(() => parseSpec('thing', text)).toThrow(message)
})
