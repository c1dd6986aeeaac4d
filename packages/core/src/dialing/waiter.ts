import type { OriginTarget } from '../connection/origin-target.ts'
import { Link } from '../structures/linked-list.ts'

/** The place in the queue of a request that has no connection yet. */
export class Waiter<Request, Dial> {
  readonly request: Request
  readonly target: OriginTarget
  readonly queuedAtMs: number
  /** The dial that was begun for it, if any; with late binding another connection may serve it. */
  dial: Dial | undefined
  /** Its place among the waiters of its origin. */
  readonly originLink: Link<this>
  /** Its place among all waiters, in the order of their deadlines. */
  readonly deadlineLink: Link<this>

  constructor(request: Request, target: OriginTarget, queuedAtMs: number) {
    this.request = request
    this.target = target
    this.queuedAtMs = queuedAtMs
    this.dial = undefined
    this.originLink = new Link(this)
    this.deadlineLink = new Link(this)
  }
}
