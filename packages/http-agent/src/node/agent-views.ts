import { inspect } from 'node:util'
import type { Connection, Pool } from '@holdfast/core'
import { OriginsByName, type SocketOrigin } from './identity/origins-by-name.ts'
import type { SocketTargets } from './identity/socket-targets.ts'
import type { AgentRequest } from './internals/agent-request.ts'
import type { AgentSocket } from './internals/agent-socket.ts'
import type { PooledSocket } from './pooled-socket.ts'
import type { RequestLease } from './request/request-lease.ts'

type AgentPool = Pool<PooledSocket, RequestLease>

const socketsOf = (
  connections: Iterable<Connection<PooledSocket, RequestLease>>,
): AgentSocket[] => {
  const sockets: AgentSocket[] = []
  for (const { transport } of connections) {
    if (transport !== undefined) sockets.push(transport.socket)
  }
  return sockets
}

/** Whether Node's `sockets` show it. A socket that is closing, or waits for its peer to close, is not shown. */
const isTaken = ({ isClosing, stateName }: Connection<PooledSocket, RequestLease>): boolean =>
  !isClosing && stateName !== 'idle'

const inUse = ({ connections }: SocketOrigin): AgentSocket[] =>
  socketsOf([...connections].filter(isTaken))

const idle = ({ idle: used, unused }: SocketOrigin): AgentSocket[] =>
  socketsOf([...unused, ...used])

const queued = ({ queued: waiters }: SocketOrigin): AgentRequest[] =>
  [...waiters].map(({ request }) => request.request)

/**
 * An object that always shows what the pool holds, by the names of origins that have something. Writing and
 * deleting change nothing, and throw nothing: Node's agents have plain objects here, and libraries clean up
 * in them within listeners. The arrays are made when they are read. Origins that Node's name does not tell
 * apart are shown as one.
 */
const viewOf = <Member>(
  named: OriginsByName,
  membersOf: (origin: SocketOrigin) => Member[],
): Readonly<Record<string, Member[]>> => {
  const read = (name: string | symbol): Member[] | undefined => {
    const members = typeof name === 'string' ? named.get(name).flatMap(membersOf) : []
    return members.length === 0 ? undefined : members
  }
  const target: Record<string, Member[]> = Object.create(null)
  const view = new Proxy(target, {
    get: (_target, name) => read(name),
    has: (_target, name) => read(name) !== undefined,
    ownKeys: () => named.names().filter((name) => read(name) !== undefined),
    getOwnPropertyDescriptor: (_target, name) => {
      const value = read(name)
      return value && { value, enumerable: true, configurable: true, writable: true }
    },
    set: () => true,
    defineProperty: () => true,
    deleteProperty: () => true,
    preventExtensions: () => false,
  })
  // Node prints the target of a proxy.
  Object.defineProperty(target, inspect.custom, {
    value: () => ({ ...view }),
    configurable: true,
  })
  return view
}

/** The objects `sockets`, `freeSockets` and `requests` of Node's agents, as live views of the pool. */
export class AgentViews {
  /** Sockets in use or being connected, by name. */
  readonly sockets: Readonly<Record<string, AgentSocket[]>>
  /** Idle sockets, by name. */
  readonly freeSockets: Readonly<Record<string, AgentSocket[]>>
  /** Requests that the caps keep waiting, by name. */
  readonly requests: Readonly<Record<string, AgentRequest[]>>

  constructor(pool: AgentPool, targets: SocketTargets) {
    const named = new OriginsByName(pool, targets)
    this.sockets = viewOf(named, inUse)
    this.freeSockets = viewOf(named, idle)
    this.requests = viewOf(named, queued)
  }
}
