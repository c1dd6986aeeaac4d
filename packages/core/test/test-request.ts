import { PoolRequest } from '../src/request/pool-request.ts'
import { targetOf } from './target-of.ts'

/** What decides whether a request may be sent again; left out, it may. */
export interface TestRequestFacts {
  readonly method?: string
  readonly hasIdempotencyKey?: boolean
  readonly isBodyAtHand?: boolean
}

/** A request that goes by its name. */
export class TestRequest extends PoolRequest {
  readonly name: string
  override readonly method: string
  override readonly hasIdempotencyKey: boolean
  override readonly isBodyAtHand: boolean

  constructor(
    name: string,
    origin = 'a',
    { method = 'GET', hasIdempotencyKey = false, isBodyAtHand = true }: TestRequestFacts = {},
  ) {
    super(targetOf(origin))
    this.name = name
    this.method = method
    this.hasIdempotencyKey = hasIdempotencyKey
    this.isBodyAtHand = isBodyAtHand
  }

  override toString(): string {
    return this.name
  }
}
