import { describe, expect, it } from 'vitest'
import { readTarget } from './target.ts'

const OPTIONS = { method: 'GET', header: [], insecure: false, timeout: 1000 }

describe('readTarget', () => {
  it.each([
    ['http://127.0.0.1', ['127.0.0.1', 80, '127.0.0.1:80', '/', false]],
    ['https://[::1]:8443/a?b#c', ['::1', 8443, '[::1]:8443', '/a?b', true]],
    ['HTTP://Name.example/%20', ['name.example', 80, 'name.example:80', '/%20', false]],
  ])('reads %s', (url, parts) => {
    const { hostname, port, authority, path, isSecure } = readTarget(url, OPTIONS)

    expect([hostname, port, authority, path, isSecure]).toEqual(parts)
  })

  it('sends further headers, in the place of its own where they are the same', () => {
    const header = ['Host: other.example', 'Authorization:  Bearer x:y']

    expect(readTarget('http://127.0.0.1:1/', { ...OPTIONS, header }).headers).toEqual({
      host: 'other.example',
      authorization: 'Bearer x:y',
    })
  })

  it.each([
    ['127.0.0.1:8080', "URL must be like http://127.0.0.1:8080/path, got '127.0.0.1:8080'"],
    ['example', "URL must be like http://127.0.0.1:8080/path, got 'example'"],
    ['ftp://example/', "URL must begin with http:// or https://, got 'ftp://example/'"],
    ['http://a:b@example/', "URL must not hold credentials: say --header 'Authorization: …'"],
  ])('refuses %s', (url, message) => {
    expect(() => readTarget(url, OPTIONS)).toThrow(message)
  })

  it.each([
    ['nonsense', "--header must be like 'Name: value', got 'nonsense'"],
    ['a: b\r\nc: d', "--header must be like 'Name: value', got 'a: b\r\nc: d'"],
    ['Connection: close', '--header must not be Connection: the probe sets it itself'],
  ])('refuses the header %j', (header, message) => {
    expect(() => readTarget('http://127.0.0.1/', { ...OPTIONS, header: [header] })).toThrow(message)
  })
})
