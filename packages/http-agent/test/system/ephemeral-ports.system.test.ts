import { describe, expect, it } from 'vitest'
import { countTimeWaits } from '../../../../tests/network/kernel-connections.ts'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import type { ClientName } from '../every-line/driven-client.ts'
import { PORT, startLoad, startNode } from './load.ts'

const PORTS = 200
const NEARLY_ALL = 160
const REQUESTS_EACH = 10
/** However busy its machine, a server closes within this time. */
const ROTATION = { maxRequestsPerConnection: REQUESTS_EACH, peerCloseWaitMs: 60_000 } as const
const REQUESTS = 20_000
const OURS: readonly ClientName[] = [
  'HttpAgent',
  'dispatcher on undici 7',
  'dispatcher on undici 8',
]
const CLOSE_MODES = ['fin', 'peer-first'] as const

const createNarrowNamespace = (): Promise<NetworkNamespace> =>
  NetworkNamespace.create({ ip_local_port_range: '40000 40199', tcp_tw_reuse: 0 })

describe('with 200 ephemeral ports that are not lent out again', () => {
  it('a client of http.Agent that destroys its connections stops', async () => {
    await using namespace = await createNarrowNamespace()
    await using _server = await startNode(namespace)
    await using client = startLoad(namespace, 'node', {
      client: 'http.Agent',
      options: { keepAlive: true },
      requests: REQUESTS,
      destroyAfter: REQUESTS_EACH,
      stopAtError: true,
    })
    const { answered, errors } = await client.next()

    expect(errors).toEqual({ EADDRNOTAVAIL: 1 })
    expect(answered).toBe(PORTS * REQUESTS_EACH)
    expect(countTimeWaits(await namespace.connections(), PORT).client).toBe(PORTS)
  })

  it.for(OURS)('20,000 requests of %s on connections of ten each are answered', async (name) => {
    await using namespace = await createNarrowNamespace()
    await using _server = await startNode(namespace)
    await using client = startLoad(namespace, 'node', {
      client: name,
      options: { policy: ROTATION },
      requests: REQUESTS,
      stopAtError: true,
    })
    const { answered, errors, stats, portEvents } = await client.next()

    expect({ answered, errors }).toEqual({ answered: REQUESTS, errors: {} })
    expect(stats?.closes).toEqual({ max_requests: REQUESTS / REQUESTS_EACH })
    expect(stats?.ports).toEqual({ ports: PORTS, open: 0, timeWaits: 0, nearlyExhausted: [] })
    expect(portEvents).toEqual([])
    expect(countTimeWaits(await namespace.connections(), PORT).client).toBe(0)
  })

  it.for(OURS.flatMap((name) => CLOSE_MODES.map((closeMode) => [name, closeMode] as const)))(
    'idle closes of %s turn into resets before the last port, in mode %s',
    async ([name, closeMode]) => {
      await using namespace = await createNarrowNamespace()
      await using _server = await startNode(namespace)
      const addresses = ['127.0.0.1', '127.0.0.2']
      // There is place for one connection, so that each request evicts the idle one of the other
      // address.
      await using client = startLoad(
        namespace,
        'node',
        {
          client: name,
          options: { maxTotalSockets: 1, policy: { closeMode } },
          requests: 2000,
          stopAtError: true,
        },
        addresses,
      )
      const { answered, errors, stats, portEvents } = await client.next()
      const { client: timeWaits } = countTimeWaits(await namespace.connections(), PORT)

      expect({ answered, errors }).toEqual({ answered: 2000, errors: {} })
      expect(stats?.closes).toEqual({ evicted: 1999 })
      const destinations = addresses.map((address) => `${address}:${PORT}`)
      expect(portEvents).toMatchObject(
        destinations.map((destination) => ({
          type: 'ports:nearly_exhausted',
          destination,
          ports: PORTS,
        })),
      )
      // The connection that brought the ports to four fifths was open yet.
      expect(timeWaits).toBe(addresses.length * (NEARLY_ALL - 1))
      expect(stats?.ports).toEqual({
        ports: PORTS,
        open: 1,
        timeWaits,
        nearlyExhausted: destinations,
      })
    },
  )
})
