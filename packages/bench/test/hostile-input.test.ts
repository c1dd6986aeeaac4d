import { describe, expect, it } from 'vitest'
import { parseTcpTable } from '../src/linux/tcp-table.ts'
import { announcesClose } from '../src/probe/observing/answers.ts'
import type { Answer } from '../src/probe/observing/observation.ts'
import { readTarget } from '../src/probe/target.ts'

/** Length at which a reader of quadratic time would not come to an end. */
const LENGTH = 2_000_000

const REPEATED: readonly string[] = [' ', '\t', ',', ' ,', 'close', 'close ', '0', '\n', ': ', 'a:']

const OPTIONS = { method: 'GET', header: [], insecure: false, timeout: 1000 }

const attempt = (read: () => unknown): boolean => {
  try {
    read()
    return true
  } catch {
    return false
  }
}

/** Readers of a server's answers, of the kernel's tables, and of settings. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'the connection header of an answer': (connection) =>
    announcesClose({ connection, httpVersion: '1.1' } as Answer),
  'the table of connections': (text) => attempt(() => parseTcpTable(text)),
  'a header to send': (text) =>
    attempt(() => readTarget('http://127.0.0.1', { ...OPTIONS, header: [`Name:${text}`] })),
}

describe.each(Object.entries(READERS))('%s', (_name, read) => {
  it.each(REPEATED)('is read to the end, whatever comes without end: %j', (part) => {
    const text = part.repeat(LENGTH / part.length)
    expect(typeof read(`${text}\u0000`)).toBe('boolean')
    expect(typeof read(text)).toBe('boolean')
  })
})
