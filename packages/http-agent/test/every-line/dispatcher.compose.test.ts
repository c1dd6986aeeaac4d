/* Interceptors and callers of one undici, on a dispatcher that stands on another. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { installProject } from './install-project.ts'
import { serveHttp } from './loopback.ts'

const major = Number(process.versions.node.split('.', 1)[0])
const program = fileURLToPath(new URL('composing-process.js', import.meta.url))

type Answer = (response: ServerResponse, count: number) => unknown

const answerOk: Answer = (response) => response.end('ok')

const ANSWERS: Readonly<Record<string, Answer>> = {
  redirect: (response) => response.writeHead(302, { location: '/target' }).end(),
  mixed: (response) => response.writeHead(302, { location: '/decompress' }).end(),
  retry: (response, count) => response.writeHead(count === 1 ? 503 : 200).end('ok'),
  cache: (response, count) =>
    response.writeHead(200, { 'cache-control': 'max-age=1000' }).end(`ok ${count}`),
  responseError: (response) => response.writeHead(500).end('wrong'),
  decompress: (response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('ok')),
}

/** What each interceptor makes of the answer above, the first and the second time. */
const SAYS: Readonly<Record<string, readonly string[]>> = {
  redirect: ['200 ok', '200 ok'],
  mixed: ['200 ok', '200 ok'],
  retry: ['200 ok', '200 ok'],
  dump: ['200 ', '200 '],
  dns: ['200 ok', '200 ok'],
  cache: ['200 ok 1', '200 ok 1'],
  responseError: ['failed by 500', 'failed by 500'],
  decompress: ['200 ok', '200 ok'],
  deduplicate: ['200 ok', '200 ok'],
}

/** Answers as the path says, and knows how often it has been asked for it. */
const answering = (): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const counts = new Map<string, number>()
  return ({ url = '' }, response) => {
    const count = (counts.get(url) ?? 0) + 1
    counts.set(url, count)
    const [name = ''] = url.slice(1).split('?', 1)
    ;(ANSWERS[name] ?? answerOk)(response, count)
  }
}

const CALLERS = ['fetch of Node', 'request of undici 7', 'request of undici 8']
const VERSIONS = ['undici 7', 'undici 8']

const EXPECTED = Object.fromEntries(
  CALLERS.flatMap((caller) =>
    VERSIONS.flatMap((version) =>
      Object.entries(SAYS).map(([name, says]) => [`${caller}: ${name} of ${version}`, says]),
    ),
  ),
)

// undici 8 needs Node 22.
for (const [name, library] of major < 22
  ? []
  : [
      ['undici 7', 'undici'],
      ['undici 8', 'undici8'],
    ]) {
  describe(`a dispatcher on ${name}`, () => {
    it('stands under the interceptors of each undici, whoever calls', async (context) => {
      const { port } = await serveHttp(context as TestContext, answering())
      const project = installProject(library, { undici7: 'undici', undici8: 'undici8' })
      context.after(() => rmSync(project, { recursive: true }))
      const child = spawn(
        process.execPath,
        // Some interceptors warn that they are experimental.
        ['--no-warnings', program, join(project, 'main.js'), String(port)],
        { env: {} },
      )
      const ended = once(child, 'exit')
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
      assert.equal(err, '')
      assert.deepEqual(JSON.parse(out), {
        ...EXPECTED,
        'interceptors of the old kind': ['202 ok', '202 ok'],
      })
      assert.deepEqual(await ended, [0, null])
    })
  })
}
