import { describe, expect, it, vi } from 'vitest'
import { countTimeWaits } from '../../../../tests/network/kernel-connections.ts'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import { ServerProcess } from '../../../../tests/servers/server-process.ts'
import { startApache } from '../../../../tests/servers/start-apache.ts'
import { startNginx } from '../../../../tests/servers/start-nginx.ts'
import { PATIENCE_MS } from '../../../../tests/workspace/patience.ts'
import type { LoadOutcome, LoadPlan } from '../every-line/load-client.ts'
import { CompiledProcess, compiledCommand, type NodeLine } from './compiled-process.ts'

vi.setConfig({ testTimeout: 2 * PATIENCE_MS })

const PORT = 8080

const SERVERS: Readonly<Record<string, (namespace: NetworkNamespace) => Promise<ServerProcess>>> = {
  Node: (namespace) =>
    ServerProcess.start(namespace, compiledCommand('node', 'ok-server', ['http', `${PORT}`]), PORT),
  nginx: (namespace) => startNginx(namespace, { port: PORT }),
  Apache: (namespace) => startApache(namespace, { port: PORT }),
}

const LINES: readonly NodeLine[] = ['node', 'node20']
const ROTATIONS = 1000
const REQUESTS_EACH = 2

describe.for(Object.entries(SERVERS))('against %s', ([, start]) => {
  it.for(LINES)('1,000 rotations leave no TIME_WAIT with the client, on %s', async (line) => {
    await using namespace = await NetworkNamespace.create({ tcp_tw_reuse: 0 })
    await using _server = await start(namespace)
    const plan: LoadPlan = {
      agent: 'HttpAgent',
      options: { policy: { maxRequestsPerConnection: REQUESTS_EACH } },
      url: `http://127.0.0.1:${PORT}/ok`,
      requests: ROTATIONS * REQUESTS_EACH,
    }
    await using client = new CompiledProcess<LoadOutcome>(namespace, line, 'load-client', [
      JSON.stringify(plan),
    ])
    const { answered, errors, stats } = await client.next()
    const timeWaits = countTimeWaits(await namespace.connections(), PORT)

    expect({ answered, errors }).toEqual({ answered: plan.requests, errors: {} })
    expect(stats?.closes).toEqual({ max_requests: ROTATIONS })
    expect(timeWaits.client).toBe(0)
    // Where nobody held any, the test would show nothing.
    expect(timeWaits.server).toBeGreaterThan(0.9 * ROTATIONS)
  })
})
