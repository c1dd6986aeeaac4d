import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { countTimeWaits } from '../../../../tests/network/kernel-connections.ts'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import type { ServerProcess } from '../../../../tests/servers/server-process.ts'
import { startNginx } from '../../../../tests/servers/start-nginx.ts'
import { repositoryPath } from '../../../../tests/workspace/repository-path.ts'
import type { NodeLine } from './compiled-process.ts'
import { PORT, startLoad, startNode } from './load.ts'

const CONNECTIONS = 50
const FIXTURES = repositoryPath('packages/http-agent/test/every-line/fixtures')
const TLS = { key: `${FIXTURES}/test-key.pem`, certificate: `${FIXTURES}/test-certificate.pem` }

type Start = (namespace: NetworkNamespace) => Promise<ServerProcess>

const SERVERS: Readonly<Record<string, readonly ['HttpAgent' | 'HttpsAgent', Start]>> = {
  'HTTP of Node': ['HttpAgent', (namespace) => startNode(namespace)],
  'HTTPS of Node': ['HttpsAgent', (namespace) => startNode(namespace, 'https')],
  'HTTP of nginx': ['HttpAgent', (namespace) => startNginx(namespace, { port: PORT })],
  'HTTPS of nginx': ['HttpsAgent', (namespace) => startNginx(namespace, { port: PORT, tls: TLS })],
}

const LINES: readonly NodeLine[] = ['node', 'node24', 'node22', 'node20']

/** Waits until servers have answered the FINs of their clients. */
const untilClosed = async (namespace: NetworkNamespace): Promise<void> => {
  const isOver = ({ state }: { readonly state: string }): boolean =>
    state === 'TIME_WAIT' || state === 'LISTEN'
  while (!(await namespace.connections()).every(isOver)) await delay(5)
}

/** The TIME_WAITs that are left when all idle connections have expired. */
const timeWaitsAfter = async (
  [name, start]: readonly ['HttpAgent' | 'HttpsAgent', Start],
  line: NodeLine,
  closeMode: 'reset' | 'fin',
): Promise<{ readonly client: number; readonly server: number }> => {
  await using namespace = await NetworkNamespace.create()
  await using _server = await start(namespace)
  await using client = startLoad(namespace, line, {
    client: name,
    options: { policy: { closeMode, idleTimeoutMs: 100 } },
    requests: CONNECTIONS,
    concurrency: CONNECTIONS,
    untilEmpty: true,
  })
  const { answered, stats } = await client.next()
  await untilClosed(namespace)
  const timeWaits = countTimeWaits(await namespace.connections(), PORT)

  expect(answered).toBe(CONNECTIONS)
  expect(stats?.closes).toEqual({ idle_timeout: stats?.dials })
  // The ledger may count what the peer has spared this side unseen; it never counts too few.
  expect(stats?.ports.timeWaits).toBeGreaterThanOrEqual(timeWaits.client)
  return timeWaits
}

describe.for(Object.entries(SERVERS))('idle connections to %s that expire', ([, server]) => {
  it.for(LINES)('leave TIME_WAIT to neither side where they are reset, on %s', async (line) => {
    expect(await timeWaitsAfter(server, line, 'reset')).toEqual({ client: 0, server: 0 })
  })
})

// Node's TLS server answers the FIN with a last record, which meets a closed socket and a RST for that.
it.for(['HTTP of Node', 'HTTP of nginx', 'HTTPS of nginx'])(
  'idle connections to %s that are closed by FIN leave one each to the client',
  async (name) => {
    const server = SERVERS[name] as readonly ['HttpAgent' | 'HttpsAgent', Start]
    const { client } = await timeWaitsAfter(server, 'node', 'fin')

    expect(client).toBeGreaterThanOrEqual(CONNECTIONS)
  },
)
