import { describe, expect, it } from 'vitest'
import { countTimeWaits } from '../../../../tests/network/kernel-connections.ts'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import type { ServerProcess } from '../../../../tests/servers/server-process.ts'
import { startApache } from '../../../../tests/servers/start-apache.ts'
import { startNginx } from '../../../../tests/servers/start-nginx.ts'
import type { ClientName } from '../every-line/driven-client.ts'
import type { NodeLine } from './compiled-process.ts'
import { PORT, startLoad, startNode } from './load.ts'

const SERVERS: Readonly<Record<string, (namespace: NetworkNamespace) => Promise<ServerProcess>>> = {
  Node: (namespace) => startNode(namespace),
  nginx: (namespace) => startNginx(namespace, { port: PORT }),
  Apache: (namespace) => startApache(namespace, { port: PORT }),
}

/** Agents and dispatchers are driven by the same code; they differ in how a socket is closed. */
const CLIENTS: readonly (readonly [ClientName, NodeLine])[] = [
  ['HttpAgent', 'node'],
  ['HttpAgent', 'node20'],
  ['dispatcher on undici 7', 'node20'],
  ['dispatcher on undici 7', 'node'],
  ['dispatcher on undici 8', 'node'],
]
const ROTATIONS = 1000
/** However busy its machine, a server closes within this time. */
const PEER_CLOSE_WAIT_MS = 60_000
const REQUESTS_EACH = 2

describe.for(Object.entries(SERVERS))('against %s', ([, start]) => {
  it.for(CLIENTS)('1,000 rotations of %s leave it no TIME_WAIT, on %s', async ([name, line]) => {
    await using namespace = await NetworkNamespace.create({ tcp_tw_reuse: 0 })
    await using _server = await start(namespace)
    const requests = ROTATIONS * REQUESTS_EACH
    await using client = startLoad(namespace, line, {
      client: name,
      options: {
        policy: { maxRequestsPerConnection: REQUESTS_EACH, peerCloseWaitMs: PEER_CLOSE_WAIT_MS },
      },
      requests,
    })
    const { answered, errors, stats } = await client.next()
    const timeWaits = countTimeWaits(await namespace.connections(), PORT)

    expect({ answered, errors }).toEqual({ answered: requests, errors: {} })
    expect(stats?.closes).toEqual({ max_requests: ROTATIONS })
    expect(timeWaits.client).toBe(0)
    // Where nobody held any, the test would show nothing.
    expect(timeWaits.server).toBeGreaterThan(0.9 * ROTATIONS)
    expect(stats?.ports.timeWaits).toBe(0)
  })
})
