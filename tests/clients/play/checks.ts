import assert from 'node:assert/strict'
import { stat } from 'node:fs'
import process from 'node:process'
import { Readable } from 'node:stream'
import type { Check } from './check.ts'
import type { Client } from './client.ts'
import type { Transport } from './client-table.ts'
import { OPERATIONS, type Operation } from './operations.ts'
import { type Ending, MUCH } from './server/orders.ts'

const TEXT = 'a text to be counted'
/** Shorter than any check may hang, longer than a busy machine takes to send a request. */
const TIMEOUT_MS = 300
/** Longer than a connection is idle that is used again without a look at its socket. */
const CLOSE_AFTER_MS = 10

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 1)
  })

/** Waits without an end of its own: what hangs, ends with the run. */
const until = async (isMet: () => boolean): Promise<void> => {
  while (!isMet()) await turn()
}

const leasedOf = (pool: object): number => {
  const stats: unknown = Reflect.get(pool, 'stats')
  return typeof stats === 'function' ? stats.call(pool).leased : 0
}

const givenBack = ({ pools }: Client): Promise<void> =>
  until(() => pools.every((pool) => leasedOf(pool) === 0))

const assertCounted = (answer: string, atLeast: number): void => {
  assert.ok(Number(answer) >= atLeast, `the server got ${answer} bytes of at least ${atLeast}`)
}

const get: Check = async ({ client, open }) => {
  assert.equal(await client.get(open('answers').origin, {}), 'ok')
}

const post: Check = async ({ client, open }) => {
  assertCounted(await client.post(open('answers').origin, TEXT), TEXT.length)
}

const pieces = function* (): Generator<Buffer> {
  for (let count = 0; count < 20; count++) yield Buffer.alloc(MUCH / 20, 'y')
}

const upload: Check = async ({ client, open }) => {
  const body = Readable.from(pieces(), { objectMode: false })
  assertCounted((await client.upload?.(open('answers').origin, body)) ?? '', MUCH)
}

const download: Check = async ({ client, open }) => {
  assert.equal(await client.download?.(open('sends much').origin), MUCH)
}

const redirect: Check = async ({ client, open }) => {
  const server = open('redirects')
  assert.equal(await client.get(server.origin, {}), 'ok')
  assert.equal(server.requests(), 2)
}

const timeOut: Check = async ({ client, open }) => {
  const server = open('hangs')
  await assert.rejects(client.get(server.origin, { timeoutMs: TIMEOUT_MS }))
  await until(() => server.open() === 0)
  await givenBack(client)
}

const abort: Check = async ({ client, open }) => {
  const server = open('hangs')
  const controller = new AbortController()
  const asked = client.get(server.origin, { signal: controller.signal })
  const rejected = assert.rejects(asked)
  await until(() => server.requests() > 0)
  controller.abort()
  await rejected
  await until(() => server.open() === 0)
  await givenBack(client)
}

const reuse: Check = async ({ client, open }) => {
  const server = open('answers')
  for (let count = 0; count < 5; count++) {
    await client.get(server.origin, {})
    await client.post(server.origin, TEXT)
  }
  assert.equal(server.everOpened(), 1, 'ten requests in a row')
}

const idleClose: Check = async ({ client, open }) => {
  const server = open('answers')
  await client.get(server.origin, {})
  await givenBack(client)
  server.end('fin', 0)
  await until(() => server.open() === 0)
  assert.equal(await client.get(server.origin, {}), 'ok')
}

/** A request right after its connection has ended, of which the loop has not heard. */
const stale =
  (ending: Ending, method: 'get' | 'post'): Check =>
  async ({ client, open }) => {
    const server = open('answers')
    const ask = (): Promise<string> =>
      method === 'get' ? client.get(server.origin, {}) : client.post(server.origin, TEXT)
    const endAll = (): void => server.end(ending, CLOSE_AFTER_MS)
    await ask()
    await givenBack(client)
    await turn()
    if (client.beforeNext !== undefined) {
      client.beforeNext(endAll)
      await ask()
      return
    }
    await new Promise((resolve, reject) => {
      stat('/', () => {
        endAll()
        ask().then(resolve, reject)
      })
    })
  }

/** What is known of a POST that has arrived and is lost: it is not to be made again without a thought. */
export const tellsFailure =
  (path: string): Check =>
  async ({ client, open }) => {
    const { origin } = open('drops the second')
    await client.get(origin, {})
    await givenBack(client)
    await turn()
    const error: unknown = await client.post(origin, TEXT).then(
      () => assert.fail('it was answered'),
      (thrown) => thrown,
    )
    const steps = path.split('.').slice(1)
    const known = steps.reduce((from, step) => Reflect.get(Object(from), step), error)
    const { safeToRetry, reusedSocket, bytesWritten } = Object(known)
    assert.deepEqual({ safeToRetry, reusedSocket }, { safeToRetry: false, reusedSocket: true })
    assert.ok(bytesWritten > 0)
  }

const OF_OPERATION: Readonly<Record<Operation, Check>> = {
  get,
  post,
  upload,
  download,
  redirect,
  'time-out': timeOut,
  abort,
  reuse,
}

const STALE: Readonly<Record<string, Check>> = {
  'stale, FIN, GET': stale('fin', 'get'),
  'stale, FIN, POST': stale('fin', 'post'),
  'stale, RST, GET': stale('reset', 'get'),
  'stale, RST, POST': stale('reset', 'post'),
}

/** Whether the server of the checks can end connections by RST: unix sockets know none, Bun none with TLS. */
const canReset = (over: Transport): boolean =>
  over !== 'unix' && !(over === 'https' && 'bun' in process.versions)

/** What a connection meets that has ended unnoticed. */
export const staleChecks = (over: Transport): Readonly<Record<string, Check>> =>
  Object.fromEntries(
    Object.entries(STALE).filter(([name]) => canReset(over) || !name.includes('RST')),
  )

/** Every check, without what the client cannot do. */
export const checksOf = (
  lacking: ReadonlySet<Operation>,
  over: Transport,
): Readonly<Record<string, Check>> => ({
  ...Object.fromEntries(
    OPERATIONS.filter((operation) => !lacking.has(operation)).map((operation) => [
      operation,
      OF_OPERATION[operation],
    ]),
  ),
  'idle close': idleClose,
  ...staleChecks(over),
})
