import { type OriginTarget, PoolRequest } from '../dist/index.js'
import { REQUEST_STATES } from '../dist/request/request-lifecycle.js'

/** A request that may ask again and again, so that a measurement makes none of its own. */
export class BenchRequest extends PoolRequest {
  override readonly method: string = 'GET'
  override readonly hasIdempotencyKey: boolean = false
  override readonly isBodyAtHand: boolean = true

  /** The request as if it were a new one. */
  anew(): this {
    this.state = REQUEST_STATES.asked
    return this
  }
}

/** So many requests for connections to the same target. */
export const requestsTo = (target: OriginTarget, count: number): BenchRequest[] =>
  Array.from({ length: count }, () => new BenchRequest(target))
