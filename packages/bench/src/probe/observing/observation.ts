/** `Connection` header of a request; undefined without one. */
export type Asked = 'keep-alive' | 'close' | undefined

/** Complete response, as far as keepalive is concerned. */
export interface Answer {
  readonly kind: 'answer'
  readonly status: number
  readonly httpVersion: string
  /** Header; null without one. */
  readonly connection: string | null
  readonly keepAlive: string | null
  readonly server: string | null
  readonly location: string | null
}

/**
 * End of an exchange without a complete response: the peer ended the connection, was silent for too
 * long, or sent something else.
 */
export interface NoAnswer {
  readonly kind: 'fin' | 'reset' | 'silent' | 'garbled' | 'upgraded'
  /** Code of the error, if any. */
  readonly code: string | null
}

/** One request. Instants are milliseconds since the probe began. */
export interface Exchange {
  readonly asked: Asked
  readonly sentMs: number
  /** Instant of the response's last byte, or at which it was clear that none would come. */
  readonly endedMs: number
  readonly result: Answer | NoAnswer
}

/** End of a connection by its peer. */
export interface Ending {
  readonly how: 'fin' | 'reset'
  readonly atMs: number
}

/** Observations of one connection. */
export interface ConnectionRecord {
  readonly openedMs: number
  /** Instant until which it was watched. */
  readonly watchedUntilMs: number
  readonly exchanges: readonly Exchange[]
  /** End; null where the peer did not end it while it was watched. */
  readonly ending: Ending | null
  /** Bytes that came while no request was in progress. */
  readonly strayBytes: number
}

/** Connection that was left idle after a request, and was then asked again. */
export interface IdleWait {
  readonly connection: ConnectionRecord
  /** Result of the request after the wait; null where the peer ended the connection before. */
  readonly askedAgain: Answer | NoAnswer | null
}

/** Result of a request on a connection whose peer had sent its FIN. */
export type LateRequest = 'reset' | 'ignored'

export interface TlsObservation {
  readonly version: string
  readonly cipher: string
  /** Choice of the server among `h2` and `http/1.1`; null: none. */
  readonly alpn: string | null
  /** Whether a second connection could resume the session of the first; null: not tried. */
  readonly sessionReused: boolean | null
}

/** Observations of a probe. Instants are milliseconds since it began. */
export interface Observations {
  /** IP address that all connections went to. */
  readonly address: string
  /** Longest wait first; one server may give each a different answer. */
  readonly idle: readonly IdleWait[]
  /** Null where the first connection did not end by FIN, or the probe was interrupted. */
  readonly lateRequest: LateRequest | null
  /** Connections on which requests were counted, the second at twice the rate of the first. */
  readonly counted: readonly ConnectionRecord[]
  /** Connection of the request that said `Connection: close`; null: not tried. */
  readonly closing: ConnectionRecord | null
  /** Null without TLS, or where the probe was interrupted. */
  readonly tls: TlsObservation | null
  /** Reasons why further connections could not be opened, or were left unanswered. */
  readonly refusals: readonly string[]
  readonly interrupted: boolean
}
