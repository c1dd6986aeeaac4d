import type { Socket } from 'node:net'
import type { ConnectionOrigin } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { SocketCarrier } from '../socket-carrier.ts'
import { SilentPeerWatch } from './silent-peer-watch.ts'

const SETTINGS = { delayMs: 30_000, intervalMs: 5000, probes: 3 }

const now = vi.hoisted(() => ({ ms: 0 }))

vi.mock('../clock.ts', () => ({ monotonicNowMs: () => now.ms }))

/** As much of a connection in use as the watch looks at, and how often its bytes were sent again. */
class WaitingConnection {
  isInUse = true
  requestCount = 1
  idleSinceMs = 0
  retransmissions = 0
  error: Error | undefined = undefined
  readonly transport: { readonly socket: Socket }

  constructor() {
    this.transport = {
      socket: {
        bytesRead: 0,
        destroy: (error: Error) => {
          this.error = error
        },
      } as unknown as Socket,
    }
  }

  read(bytesRead: number): void {
    Object.assign(this.transport.socket, { bytesRead })
  }
}

const watchOver = (
  connections: readonly WaitingConnection[],
): { watch: SilentPeerWatch<SocketCarrier, unknown>; asked: Socket[] } => {
  const asked: Socket[] = []
  const ask = (sockets: readonly Socket[]): Promise<number[]> => {
    asked.push(...sockets)
    return Promise.resolve(
      sockets.map(
        (socket) =>
          connections.find(({ transport }) => transport.socket === socket)?.retransmissions ?? 0,
      ),
    )
  }
  const origin = { connections: new Set(connections) }
  const origins = new Map([['a', origin]]) as unknown as ReadonlyMap<
    string,
    ConnectionOrigin<SocketCarrier, unknown>
  >
  const watch = new SilentPeerWatch<SocketCarrier, unknown>(origins, SETTINGS, ask)
  return { watch, asked }
}

/** Lets time pass, sweep by sweep. */
const pass = async (
  watch: SilentPeerWatch<SocketCarrier, unknown>,
  sweeps: number,
): Promise<void> => {
  watch.start(now.ms)
  for (let count = 0; count < sweeps; count++) {
    now.ms = watch.nextDeadlineMs
    watch.advance(now.ms)
    await Promise.resolve()
    await Promise.resolve()
  }
}

beforeEach(() => {
  now.ms = 0
})

describe('a request whose bytes are sent again and again', () => {
  it('fails when that has lasted as long as the probes', async () => {
    const connection = new WaitingConnection()
    connection.retransmissions = 6
    const { watch } = watchOver([connection])
    // The first sweep notes that it waits, the second one that its bytes are sent again.
    await pass(watch, 1 + 1 + 2)
    expect(connection.error).toBeUndefined()
    await pass(watch, 1)
    expect(connection.error).toMatchObject({ code: 'ETIMEDOUT' })
    expect(now.ms).toBe(25_000)
  })

  it('goes on when they are acknowledged', async () => {
    const connection = new WaitingConnection()
    connection.retransmissions = 6
    const { watch } = watchOver([connection])
    await pass(watch, 4)
    connection.retransmissions = 0
    await pass(watch, 1)
    connection.retransmissions = 6
    await pass(watch, 3)
    expect(connection.error).toBeUndefined()
  })

  it.each([
    ['something is read', (connection: WaitingConnection) => connection.read(1)],
    ['another one follows', (connection: WaitingConnection) => connection.requestCount++],
    [
      'it is over',
      (connection: WaitingConnection) => {
        connection.isInUse = false
      },
    ],
  ])('goes on when %s', async (_, change) => {
    const connection = new WaitingConnection()
    connection.retransmissions = 6
    const { watch } = watchOver([connection])
    await pass(watch, 4)
    change(connection)
    await pass(watch, 1)
    expect(connection.error).toBeUndefined()
  })
})

it('does not ask the kernel about requests that wait for no longer than an interval', async () => {
  const connection = new WaitingConnection()
  const { watch, asked } = watchOver([connection])
  for (let count = 0; count < 5; count++) {
    await pass(watch, 1)
    connection.requestCount++
    connection.idleSinceMs = now.ms
  }
  expect(asked).toEqual([])
})

it('looks at a thousand connections in one sweep, and at the others in the next ones', async () => {
  const connections = Array.from({ length: 2500 }, () => new WaitingConnection())
  const { watch, asked } = watchOver(connections)
  await pass(watch, 3)
  expect(asked).toHaveLength(0)
  await pass(watch, 1)
  expect(asked).toHaveLength(1000)
  await pass(watch, 2)
  expect(new Set(asked).size).toBe(2500)
})

it('sleeps where there is nothing to watch, and where TCP keepalive is off', () => {
  const none = new Map<string, ConnectionOrigin<SocketCarrier, unknown>>()
  const watch = new SilentPeerWatch<SocketCarrier, unknown>(none, SETTINGS)
  expect(watch.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  watch.start(0)
  expect(watch.nextDeadlineMs).toBe(5000)
  watch.advance(5000)
  expect(watch.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  const off = new SilentPeerWatch<SocketCarrier, unknown>(none, false)
  off.start(0)
  expect(off.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
})
