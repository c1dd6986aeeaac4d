import { expect, it } from 'vitest'
import { looseValues, parseSpec, specText } from './spec.ts'

it.each([
  ['node', { name: 'node', settings: {} }],
  ['a:b=c', { name: 'a', settings: { b: 'c' } }],
  ['a:b=1,c=true', { name: 'a', settings: { b: '1', c: 'true' } }],
  ['a:b=', { name: 'a', settings: { b: '' } }],
  ['a:b=c=d', { name: 'a', settings: { b: 'c=d' } }],
  ['http://localhost:80/x', { name: 'http://localhost:80/x', settings: {} }],
  ['file:///x/y.js:size=1', { name: 'file:///x/y.js', settings: { size: '1' } }],
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

it('takes a setting that no table describes for what it looks like', () => {
  const { settings } = parseSpec('thing', 'a:b=1,c=-0.5,d=true,e=false,f=Infinity,g=5s,hMs=5s,i=')

  expect(looseValues(settings)).toEqual({
    b: 1,
    c: -0.5,
    d: true,
    e: false,
    f: Number.POSITIVE_INFINITY,
    g: '5s',
    hMs: 5000,
    i: '',
  })
})

it('writes a spec as it is read', () => {
  expect(specText('x', {})).toBe('x')
  expect(specText('x', { size: 2, loud: true })).toBe('x:size=2,loud=true')
})
