/** What a request says in its `Connection` header; undefined: it has none. */
export type Asked = 'keep-alive' | 'close' | undefined

/** A complete response, as far as keepalive is concerned. */
export interface Answer {
  readonly kind: 'answer'
  readonly status: number
  readonly httpVersion: string
  /** The headers of these names; null where there is none. */
  readonly connection: string | null
  readonly keepAlive: string | null
  readonly server: string | null
  readonly location: string | null
}

/** No complete response: the peer ended the connection, said nothing for too long, or what it said is none. */
export interface NoAnswer {
  readonly kind: 'fin' | 'reset' | 'silent' | 'garbled' | 'upgraded'
  /** Of the error, where there was one. */
  readonly code: string | null
}

/** One request. Instants are milliseconds since the probe began. */
export interface Exchange {
  readonly asked: Asked
  readonly sentMs: number
  /** When the last byte of the response came, or it was clear that none would. */
  readonly endedMs: number
  readonly result: Answer | NoAnswer
}

/** How the peer ended a connection. */
export interface Ending {
  readonly how: 'fin' | 'reset'
  readonly atMs: number
}

/** Everything that was seen of one connection. */
export interface ConnectionRecord {
  readonly openedMs: number
  /** Until when it was watched. */
  readonly watchedUntilMs: number
  readonly exchanges: readonly Exchange[]
  /** Null: the peer did not end it while it was watched. */
  readonly ending: Ending | null
  /** Bytes that came while no request was under way. */
  readonly strayBytes: number
}

/** A connection that was left idle after a request, and was then asked again. */
export interface IdleWait {
  readonly connection: ConnectionRecord
  /** What became of the request after the wait; null where the peer ended the connection before. */
  readonly askedAgain: Answer | NoAnswer | null
}

/** What became of a request on a connection whose peer had sent its FIN. */
export type LateRequest = 'reset' | 'ignored'

export interface TlsObservation {
  readonly version: string
  readonly cipher: string
  /** What the server chose of `h2` and `http/1.1`; null: nothing. */
  readonly alpn: string | null
  /** Whether a second connection could resume the session of the first; null: not tried. */
  readonly sessionReused: boolean | null
}

/** All that a probe has seen. Instants are milliseconds since it began. */
export interface Observations {
  /** The longest wait first; one and the same server may give each a different answer. */
  readonly idle: readonly IdleWait[]
  /** Null: the first connection did not end by FIN, or the probe was interrupted. */
  readonly lateRequest: LateRequest | null
  /** Connections on which requests were counted, the second at twice the rate of the first. */
  readonly counted: readonly ConnectionRecord[]
  /** The connection of the request that said `Connection: close`; null: not tried. */
  readonly closing: ConnectionRecord | null
  /** Null: no TLS, or the probe was interrupted. */
  readonly tls: TlsObservation | null
  /** Why further connections could not be opened, or were left unanswered. */
  readonly refusals: readonly string[]
  readonly interrupted: boolean
}
