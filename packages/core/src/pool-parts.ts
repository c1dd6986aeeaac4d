import type { DialPauses } from './dialing/dial-pauses.ts'
import type { Dialer, DialerParts } from './dialing/dialer.ts'
import type { PoolRequest } from './request/pool-request.ts'
import type { RequestRegistry } from './request/request-registry.ts'

/** What the parts of a pool share. */
export interface PoolParts<Transport, Request extends PoolRequest>
  extends DialerParts<Transport, Request> {
  readonly dialer: Dialer<Transport, Request>
  readonly requests: RequestRegistry<Request>
  /** Where nothing is kept warm, there is nothing to pause. */
  readonly pauses: DialPauses | undefined
}
