/** A request of the storm. */
export interface StormRequest {
  readonly id: number
  readonly method: 'GET' | 'POST'
  readonly origin: string
  readonly path: string
  readonly body: string | undefined
  /** Whether the body is handed over bit by bit, and so cannot be sent again. */
  readonly isStreamed: boolean
}

/** What came of it, where anything did. */
export interface StormAnswer {
  readonly status: number
  readonly body: string
}

/** Sends requests through the agent or dispatcher under test, in its own way. */
export interface StormCaller {
  /** @throws Where the request fails. */
  readonly send: (request: StormRequest) => Promise<StormAnswer>
  readonly destroy: () => void
  /** Whether its errors say how far their requests had come. */
  readonly describesFailures: boolean
}

/** A client waits for an answer no longer than this. */
export const PATIENCE_MS = 30_000
