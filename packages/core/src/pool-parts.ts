import type { DialPauses } from './dialing/dial-pauses.ts'
import type { Dialer, DialerParts } from './dialing/dialer.ts'
import type { PoolRequest } from './request/pool-request.ts'
import type { RequestRegistry } from './request/request-registry.ts'

/** Objects that the parts of a pool share. */
export interface PoolParts<Transport, Request extends PoolRequest>
  extends DialerParts<Transport, Request> {
  readonly dialer: Dialer<Transport, Request>
  readonly requests: RequestRegistry<Request>
  /** Pauses of dials ahead; `undefined` where no origin is kept warm. */
  readonly pauses: DialPauses | undefined
}
