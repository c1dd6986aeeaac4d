import type { DialPauses } from './dialing/dial-pauses.ts'
import type { Dialer, DialerParts } from './dialing/dialer.ts'

/** What the parts of a pool share. */
export interface PoolParts<Transport, Request> extends DialerParts<Transport, Request> {
  readonly dialer: Dialer<Transport, Request>
  /** Where nothing is kept warm, there is nothing to pause. */
  readonly pauses: DialPauses | undefined
}
