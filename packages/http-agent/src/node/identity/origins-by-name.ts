import type { ConnectionOrigin, Pool } from '@holdfast/core'
import type { PooledSocket } from '../pooled-socket.ts'
import type { RequestLease } from '../request/request-lease.ts'
import type { SocketTarget } from './socket-target.ts'
import type { SocketTargets } from './socket-targets.ts'

export type SocketOrigin = ConnectionOrigin<PooledSocket, RequestLease>

const nodeNameOf = ({ target }: SocketOrigin): string => (target as SocketTarget).nodeName

/** Origins by the name that the agent's `getName` gives them, which several may have in common. */
export class OriginsByName {
  readonly #pool: Pool<PooledSocket, RequestLease>
  readonly #targets: SocketTargets

  constructor(pool: Pool<PooledSocket, RequestLease>, targets: SocketTargets) {
    this.#pool = pool
    this.#targets = targets
  }

  names(): string[] {
    const names = new Set<string>()
    for (const origin of this.#pool.origins.values()) names.add(nodeNameOf(origin))
    return [...names]
  }

  /** O(1) as long as names have been enough to tell origins apart, else O(origins). */
  get(name: string): SocketOrigin[] {
    const { origins } = this.#pool
    if (!this.#targets.isNameEnough) {
      return [...origins.values()].filter((other) => nodeNameOf(other) === name)
    }
    const origin = origins.get(name)
    return origin === undefined ? [] : [origin]
  }
}
