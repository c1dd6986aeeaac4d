/** Hears what becomes of one request: `started`, `data`, `ended`; or `failed` instead of the rest. */
export interface Exchange {
  readonly started: (status: number, contentLength: string | undefined) => void
  /** Absent where the body is of no interest. */
  readonly data?: (chunk: Buffer) => void
  readonly ended: () => void
  readonly failed: (error: unknown) => void
}

/** What all requests of a client have in common. */
export interface RequestPlan {
  /** Such as `http://127.0.0.1:8080`; a call names one by its index. */
  readonly origins: readonly string[]
  readonly path: string
  readonly method: 'GET' | 'POST'
  /** Absent for a request without one. */
  readonly body: Buffer | undefined
  /** Requests in progress at any time, so that no client has to let one wait by configuration. */
  readonly concurrency: number
}

/** A request that can be given up. */
export interface InFlight {
  readonly destroy: (error: Error) => unknown
}

/** A client under test: what makes requests by an agent or a dispatcher. */
export interface Caller {
  /** Makes one request; the client has its connection back when `ended` is called. */
  readonly call: (origin: number, exchange: Exchange) => InFlight | undefined
  /** Closes every connection. */
  readonly close: () => Promise<void>
}
