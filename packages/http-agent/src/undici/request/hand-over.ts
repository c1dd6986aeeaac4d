import { realTime } from '../../driver/real-time.ts'
import type { ClientConnection } from '../connection/client-connection.ts'
import type { DispatchedRequest } from './dispatched-request.ts'

/** A callback that takes back the connection of a request that was given up. */
type GiveBack = (carrier: ClientConnection) => void

/**
 * Requests on their way to connections that were in use a moment ago. Each waits until the loop has
 * read what follows the previous response: a close takes the connection away from it, and stray
 * bytes end the connection. All that begin in one turn of the loop share one callback.
 */
export class HandOver {
  readonly #giveBack: GiveBack
  #underWay: ClientConnection[] = []

  /** @param giveBack Called with a connection whose request was given up meanwhile. */
  constructor(giveBack: GiveBack) {
    this.#giveBack = giveBack
  }

  /** @param turns Turns of the loop until the client of the connection has the request; from 1. */
  begin(request: DispatchedRequest, carrier: ClientConnection, turns: number): void {
    request.hold()
    request.keeper.requests.check(request)
    carrier.request = request
    request.carrier = carrier
    carrier.turnsToWait = turns
    this.#add(carrier)
  }

  #add(carrier: ClientConnection): void {
    if (this.#underWay.push(carrier) === 1) realTime.setImmediate(this.#arrive)
  }

  readonly #arrive = (): void => {
    const carriers = this.#underWay
    this.#underWay = []
    for (const carrier of carriers) this.#advance(carrier)
  }

  #advance(carrier: ClientConnection): void {
    const { request } = carrier
    // A connection that died on the way has given its request back already.
    if (request === undefined) return
    if (request.state.isEnd) {
      carrier.request = undefined
      request.carrier = undefined
      this.#giveBack(carrier)
    } else if (--carrier.turnsToWait > 0) {
      this.#add(carrier)
    } else {
      request.proceedTo(carrier)
    }
  }
}
