import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { KeepAliveHint } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { KeepAliveHints } from '../src/driver/keep-alive-hints.ts'
import { parseRetransmissions } from '../src/driver/liveness/read-retransmissions.ts'
import { reasonOfStray } from '../src/driver/liveness/stray-bytes.ts'
import { readPortRange } from '../src/driver/ports/ephemeral-ports.ts'
import { keepAliveHeaderOf } from '../src/node/request/keep-alive-header-of.ts'
import { readParsedHeaders, readRawHeaders } from '../src/undici/connection/connection-headers.ts'

/** So long that a reader whose steps grow with the square of the length would not come to an end. */
const LENGTH = 2_000_000

const REPEATED: readonly string[] = [
  ' ',
  '\t',
  ',',
  ' ,',
  ', ',
  '"',
  '\\',
  '0',
  '\r\n',
  'close ',
  'close',
  'clos,',
  'timeout=',
  'timeout= ',
  ' 00:00000000 ',
  '0 0 ',
]

const unanswered = { endsConnection: false, keepAlive: undefined }

const rawHeadersOf = (name: string, value: string): Buffer[] => [
  Buffer.from(name),
  Buffer.from(value, 'latin1'),
]

/** Everything that reads what a peer sends, or what stands in a table of the kernel's. */
const hintOf = (rawHeaders: readonly string[]): KeepAliveHint =>
  new KeepAliveHints().read(keepAliveHeaderOf({ rawHeaders } as unknown as IncomingMessage) ?? '')

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'the connection header, raw': (text) => {
    const read = { ...unanswered }
    readRawHeaders(rawHeadersOf('Connection', text), read)
    return read.endsConnection
  },
  'the connection header, parsed': (text) => {
    const read = { ...unanswered }
    readParsedHeaders({ connection: text }, read)
    return read.endsConnection
  },
  'connection headers without end': (text) => {
    const read = { ...unanswered }
    const part = rawHeadersOf('Connection', text.slice(0, 100))
    readRawHeaders(Array.from({ length: 20_000 }, () => part).flat(), read)
    return read.endsConnection
  },
  'the hints of a server': (text) => hintOf(['Keep-Alive', text]).maxRequests !== undefined,
  'hints without end': (text) => {
    const part = ['Keep-Alive', text.slice(0, 100)]
    const rawHeaders = Array.from({ length: 20_000 }, () => part).flat()
    return hintOf(rawHeaders).maxRequests !== undefined
  },
  'bytes that nobody asked for': (text) => reasonOfStray(Buffer.from(text), 0) === undefined,
  'the range of ports': (text) => readPortRange(text).first === 0,
  'the table of retransmissions': (text) => parseRetransmissions(text).size > 0,
}

describe.each(Object.entries(READERS))('%s', (_name, read) => {
  it.each(REPEATED)('is read to the end, whatever comes without end: %j', (part) => {
    const text = part.repeat(LENGTH / part.length)
    expect(typeof read(`${text}!`)).toBe('boolean')
    expect(typeof read(text)).toBe('boolean')
  })
})
