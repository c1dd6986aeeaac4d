import type { PoolEventType, PoolListener } from '../connection/events.ts'
import type { Effects } from '../effects.ts'
import type { Scheduling } from '../idle/idle-set.ts'
import type { ResolvedPolicy } from '../policies/resolve-policy.ts'
import type { IllegalMoveListener } from '../request/request-registry.ts'
import type { Caps } from './caps.ts'

/** What a pool is made of. */
export interface PoolOptions<Transport, Request> {
  readonly policy: ResolvedPolicy
  readonly caps: Caps
  readonly scheduling: Scheduling
  readonly effects: Effects<Transport, Request>
  /** A number in [0, 1), drawn once for each connection. */
  readonly random: () => number
  /** Told of everything that happens, within the call in which it happens. It must not throw. */
  readonly onEvent?: PoolListener<Transport, Request> | undefined
  /** Told of events that the state of a request does not allow. Where it is left out, they throw. */
  readonly onIllegalMove?: IllegalMoveListener | undefined
  /** Whether {@link onEvent} is to be told of this event; without it, of every one. */
  readonly wantsEvent?: ((type: PoolEventType) => boolean) | undefined
}
