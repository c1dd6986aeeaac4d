import type { Caller, Exchange, InFlight, RequestPlan } from './caller.ts'
import { DispatchExchange, type DispatcherLike } from './dispatch-caller.ts'

/**
 * Requests by `dispatch` on a stack of undici's clients, each a connection: the least that any
 * dispatcher costs. Clients are neither checked nor limited, and nothing waits for them.
 */
export class ClientStackCaller implements Caller {
  readonly #createClient: (origin: string) => DispatcherLike
  readonly #origin: string
  readonly #options: { readonly path: string; readonly method: RequestPlan['method'] }
  readonly #body: Buffer | null
  readonly #idle: DispatcherLike[] = []
  readonly #all: DispatcherLike[] = []

  constructor(createClient: (origin: string) => DispatcherLike, plan: RequestPlan) {
    const [origin = ''] = plan.origins
    this.#createClient = createClient
    this.#origin = origin
    this.#options = { path: plan.path, method: plan.method }
    this.#body = plan.body ?? null
  }

  call(_origin: number, exchange: Exchange): InFlight {
    const client = this.#idle.pop() ?? this.#opened()
    const stacked = new StackedExchange(exchange, client, this.#idle)
    const { path, method } = this.#options
    client.dispatch({ origin: this.#origin, path, method, body: this.#body }, stacked)
    return stacked
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((client) => client.destroy()))
  }

  #opened(): DispatcherLike {
    const client = this.#createClient(this.#origin)
    this.#all.push(client)
    return client
  }
}

/** Puts the client back on the stack when its request has ended. A client outlives its connections. */
class StackedExchange extends DispatchExchange {
  readonly #client: DispatcherLike
  readonly #idle: DispatcherLike[]

  constructor(exchange: Exchange, client: DispatcherLike, idle: DispatcherLike[]) {
    super(exchange)
    this.#client = client
    this.#idle = idle
  }

  override onResponseEnd(): void {
    this.#idle.push(this.#client)
    super.onResponseEnd()
  }

  override onResponseError(controller: unknown, error: Error): void {
    this.#idle.push(this.#client)
    super.onResponseError(controller, error)
  }
}
