import type { TcpState } from './tcp-states.ts'
import { type SocketObservation, TCP_VIEWS, type TcpView } from './tcp-views.ts'

/**
 * Follows one connection, of either role, by what its process sees of the socket. It holds only a
 * place in {@link TCP_VIEWS}: an observation allocates nothing.
 */
export class TcpTracker {
  #view: TcpView = TCP_VIEWS.unopened

  /** The view of the connection: everything that is known. */
  get view(): TcpView {
    return this.#view
  }

  /** The likeliest TCP state; {@link isCertain} says whether it is the only possible one. */
  get state(): TcpState {
    return this.#view.state
  }

  /** Whether the connection can be in no other state. */
  get isCertain(): boolean {
    return this.#view.indistinguishable.length === 0 && this.#view.unread.length === 0
  }

  /**
   * Records an observation. One that adds nothing, such as a close after a reset, or that cannot
   * follow, changes nothing: a watcher must not break what it watches.
   */
  observe(observation: SocketObservation): void {
    const next = this.#view.next[observation]
    if (next !== undefined) this.#view = TCP_VIEWS[next]
  }
}
