import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const examples = new URL('../examples/', import.meta.url)

/** What each example says, but for what differs from run to run. */
const SAYS: Readonly<Record<string, RegExp>> = {
  'every-fetch.mjs': /^200 2 bytes\noutcome of the drain: completed\n$/u,
  'fetch-through-a-pool.mjs':
    /^20 responses by [4-6] connections, 1[4-6] of them by a used one\nclosed: \{.*\}\n$/su,
  'undici-interceptors.mjs': /^200 2 bytes\n127\.0\.0\.1: idle after 1 requests\n$/u,
}

it('each example is run', () => {
  expect(readdirSync(examples).sort()).toEqual(Object.keys(SAYS))
})

it.for(
  ['node20', 'node22', 'node24', 'node'].flatMap((line) =>
    Object.keys(SAYS).map((example) => [line, example] as const),
  ),
)('on %s: %s', async ([line, example]) => {
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const binary = fileURLToPath(new URL(`node_modules/${line}/bin/node`, root))
  const child = spawn(
    binary,
    [fileURLToPath(new URL(example, examples)), `http://127.0.0.1:${port}/`],
    { env: {} },
  )
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  server.close()

  expect(err).toBe('')
  expect(out).toMatch(SAYS[example] as RegExp)
})
