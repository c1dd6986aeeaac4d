/**
 * Callbacks of one request: `started`, `data`, `ended`; `failed` instead of the rest on an error.
 */
export interface Exchange {
  readonly started: (status: number, contentLength: string | undefined) => void
  /** Receives the body; absent where the body does not matter. */
  readonly data?: (chunk: Buffer) => void
  readonly ended: () => void
  readonly failed: (error: unknown) => void
}

/** Settings that all requests of a client share. */
export interface RequestPlan {
  /** Origins such as `http://127.0.0.1:8080`; a call names one by its index. */
  readonly origins: readonly string[]
  readonly path: string
  readonly method: 'GET' | 'POST'
  /** Body of each request; undefined without one. */
  readonly body: Buffer | undefined
  /** Requests in progress at any time; caps of the client are set so that none has to wait. */
  readonly concurrency: number
}

/** Request in progress, which can be given up. */
export interface InFlight {
  readonly destroy: (error: Error) => unknown
}

/** Client under test, called in one way. */
export interface Caller {
  /** Makes one request; the client has its connection back when `ended` is called. */
  readonly call: (origin: number, exchange: Exchange) => InFlight | undefined
  /** Closes every connection. */
  readonly close: () => Promise<void>
}
