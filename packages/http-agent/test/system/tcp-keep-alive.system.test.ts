import { describe, it } from 'vitest'
import { SilentMiddlebox } from '../../../../tests/network/silent-middlebox.ts'
import type { ClientName } from '../every-line/driven-client.ts'
import type { PathNews, PathOrder, PathPlan } from '../every-line/path-client.ts'
import { CompiledProcess, type NodeLine } from './compiled-process.ts'
import { PORT, startNode } from './load.ts'

type PathClient = CompiledProcess<PathNews>

const KEEP_ALIVE = { delayMs: 2000, intervalMs: 3000, probes: 2 }
/** What libuv sets where Node passes the delay alone. */
const LIBUV_INTERVAL_MS = 1000
const LIBUV_PROBES = 10
const FOUND_DEAD_MS: Readonly<Record<NodeLine, number>> = {
  node: KEEP_ALIVE.delayMs + KEEP_ALIVE.intervalMs * KEEP_ALIVE.probes,
  node24: KEEP_ALIVE.delayMs + KEEP_ALIVE.intervalMs * KEEP_ALIVE.probes,
  node22: KEEP_ALIVE.delayMs + LIBUV_INTERVAL_MS * LIBUV_PROBES,
  node20: KEEP_ALIVE.delayMs + LIBUV_INTERVAL_MS * LIBUV_PROBES,
}
const CLIENTS: readonly (readonly [ClientName, NodeLine])[] = [
  ['HttpAgent', 'node'],
  ['HttpAgent', 'node24'],
  ['HttpAgent', 'node22'],
  ['HttpAgent', 'node20'],
  ['dispatcher on undici 7', 'node'],
  ['dispatcher on undici 8', 'node'],
]
const OURS: readonly ClientName[] = [
  'HttpAgent',
  'dispatcher on undici 7',
  'dispatcher on undici 8',
]

const startClient = (
  { client, serverAddress }: SilentMiddlebox,
  line: NodeLine,
  plan: Omit<PathPlan, 'url'>,
): PathClient => {
  const url = `http://${serverAddress}:${PORT}/ok`
  return new CompiledProcess(client, line, 'path-client', [JSON.stringify({ ...plan, url })])
}

const order = (client: PathClient, what: PathOrder): Promise<PathNews> => {
  client.tell(what)
  return client.next()
}

/** The timers of the client's connections, as the kernel tells them. */
const timersOf = async ({ client }: SilentMiddlebox): Promise<readonly string[]> => {
  const rows = await client.run('ss', ['-Htno', 'state', 'established'])
  return [...rows.matchAll(/timer:\((?<timer>.*?)\)/gu)].map(
    ({ groups }) => groups?.['timer'] ?? '',
  )
}

/** Less than the quarter of an hour after which the kernel gives up by itself. */
const PATIENT_MS = 500_000

const GET: PathOrder = { ask: 'GET', giveUpAfterMs: PATIENT_MS }

// Side by side, for they spend their time waiting.
describe.concurrent('an idle connection', () => {
  it.for(CLIENTS)(
    'of %s is found dead in the time that TCP keepalive takes, on %s',
    async ([name, line], { expect }) => {
      await using path = await SilentMiddlebox.create()
      await using _server = await startNode(path.server)
      await using client = startClient(path, line, {
        client: name,
        options: { policy: { tcpKeepAlive: KEEP_ALIVE } },
      })
      expect(await order(client, GET)).toMatchObject({ status: 200 })
      expect(await timersOf(path)).toEqual([expect.stringMatching(/^keepalive,.*,0$/u)])
      const { atMs } = await order(client, GET)
      await path.forget()
      const lost = await order(client, { untilLost: true })

      expect(lost.closes).toEqual({ error: 1 })
      // No earlier; how much later is the machine's affair.
      expect(lost.atMs - atMs).toBeGreaterThan(FOUND_DEAD_MS[line] - 1000)
      expect(await order(client, GET)).toMatchObject({ status: 200, isReused: false })
    },
  )
})

const FAST = { delayMs: 10_000, intervalMs: 1000, probes: 3 }
/** What comes of a request on a connection that was forgotten while it was idle. */
const askForgotten = async (
  plan: Omit<PathPlan, 'url'>,
  ask: 'GET' | 'POST',
  giveUpAfterMs = PATIENT_MS,
): Promise<PathNews> => {
  await using path = await SilentMiddlebox.create()
  await using _server = await startNode(path.server)
  await using client = startClient(path, 'node', plan)
  await order(client, GET)
  await path.forget()
  return await order(client, { ask, giveUpAfterMs })
}

describe.concurrent('a request on a connection that a middlebox has forgotten', () => {
  it.for(OURS)('of %s fails where it may not be sent again', async (client, { expect }) => {
    const policy = { tcpKeepAlive: FAST }
    const { error, isReused } = await askForgotten({ client, options: { policy } }, 'POST')

    expect({ error, isReused }).toEqual({ error: 'ETIMEDOUT', isReused: true })
  })

  it.for(OURS)('of %s fails over where it may be sent again', async (client, { expect }) => {
    const policy = { tcpKeepAlive: FAST }
    const { status } = await askForgotten({ client, options: { policy } }, 'GET')

    expect(status).toBe(200)
  })

  it('is left in peace where the server takes its time', async ({ expect }) => {
    await using path = await SilentMiddlebox.create()
    await using _server = await startNode(path.server)
    const policy = { tcpKeepAlive: FAST }
    await using client = startClient(path, 'node', { client: 'HttpAgent', options: { policy } })
    await order(client, GET)
    const slow = await order(client, { ask: 'POST', path: '/slow', giveUpAfterMs: PATIENT_MS })

    expect(slow).toMatchObject({ status: 200, isReused: true })
  })

  it('hangs with http.Agent', async ({ expect }) => {
    const { error } = await askForgotten(
      { client: 'http.Agent', options: { keepAlive: true, keepAliveMsecs: 1000 } },
      'GET',
      15_000,
    )

    expect(error).toBe('GAVE_UP')
  })
})

it('has the timer of the policy unless told otherwise', async ({ expect }) => {
  await using path = await SilentMiddlebox.create()
  await using _server = await startNode(path.server)
  await using client = startClient(path, 'node', { client: 'HttpAgent', options: {} })
  await order(client, GET)
  expect(await timersOf(path)).toEqual([expect.stringMatching(/^keepalive,(?:2\d|30)sec,0$/u)])
})

it('has no timer where TCP keepalive is off', async ({ expect }) => {
  await using path = await SilentMiddlebox.create()
  await using _server = await startNode(path.server)
  await using client = startClient(path, 'node', {
    client: 'HttpAgent',
    options: { policy: { tcpKeepAlive: false } },
  })
  await order(client, GET)
  expect(await timersOf(path)).toEqual([])
  expect(await path.client.connections()).toMatchObject([{ state: 'ESTABLISHED' }])
})
