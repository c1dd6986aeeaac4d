import type { Dispatcher } from 'undici'
import { clientsSymbolOf } from './peer/undici-internals.ts'
import type { UndiciModule } from './peer/undici-module.ts'

/** An entry by origin: a dispatcher in undici 8, an object with one in undici 7. */
type Entry = Dispatcher | { readonly dispatcher: Dispatcher }

const dispatcherIn = (entry: Entry): Dispatcher =>
  'dispatcher' in entry ? entry.dispatcher : entry

/**
 * The mocks that a `MockAgent` puts in place of origins. It expects an `Agent` to keep its clients
 * in a map under a symbol of undici's, and to dispatch by them; here the map holds only mocks.
 */
export class MockedOrigins {
  readonly #entries: Map<unknown, Entry> = new Map()

  constructor(dispatcher: object, undici: UndiciModule) {
    const name = clientsSymbolOf(undici)
    if (name !== undefined) Object.defineProperty(dispatcher, name, { value: this.#entries })
  }

  dispatcherOf({ origin }: Dispatcher.DispatchOptions): Dispatcher | undefined {
    if (this.#entries.size === 0) return undefined
    const entry = this.#entries.get(String(origin))
    return entry === undefined ? undefined : dispatcherIn(entry)
  }

  async close(): Promise<void> {
    await Promise.all(this.#takeAll().map((dispatcher) => dispatcher.close()))
  }

  async destroy(error: Error): Promise<void> {
    await Promise.all(this.#takeAll().map((dispatcher) => dispatcher.destroy(error)))
  }

  #takeAll(): Dispatcher[] {
    const dispatchers = [...this.#entries.values()].map(dispatcherIn)
    this.#entries.clear()
    return dispatchers
  }
}
