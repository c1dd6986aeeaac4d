import type { PoolEventType, PoolListener } from '../connection/events.ts'
import type { Effects } from '../effects.ts'
import type { Scheduling } from '../idle/idle-set.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'
import type { IllegalMoveListener } from '../request/request-registry.ts'
import type { Caps } from './caps.ts'

/** The parts and settings of a pool. */
export interface PoolOptions<Transport, Request> {
  /** The complete policy, as `resolvePolicy` returns it. */
  readonly policy: ResolvedPolicy
  /** Limits on the number of connections, read at each call. */
  readonly caps: Caps
  /**
   * The idle connection that is used next: `'lifo'` for the one used last, `'fifo'` for the one
   * idle longest.
   */
  readonly scheduling: Scheduling
  /** The driver's half: everything that the pool makes happen. */
  readonly effects: Effects<Transport, Request>
  /** Returns a number in [0, 1). Called once for each connection. */
  readonly random: () => number
  /** Receives every event, within the call in which it happens. It must not throw. */
  readonly onEvent?: PoolListener<Transport, Request> | undefined
  /**
   * Receives events that the state of a request does not allow. Where it is left out, they throw.
   */
  readonly onIllegalMove?: IllegalMoveListener | undefined
  /**
   * Whether {@link onEvent} receives events of this type. Where it is left out, it receives all.
   */
  readonly wantsEvent?: ((type: PoolEventType) => boolean) | undefined
}
