/**
 * The reason why a connection left the pool. The first cause stands, whatever happens to it
 * afterwards.
 */
export type CloseReason =
  /** Idle for longer than `idleTimeoutMs`. */
  | 'idle_timeout'
  /** Open for longer than `maxConnectionAgeMs`. */
  | 'max_age'
  /** Served `maxRequestsPerConnection` requests. */
  | 'max_requests'
  /** The limit in the server's `Keep-Alive` header was reached. */
  | 'server_hint'
  /** The peer was seen to close connections after a shorter time than this one has been idle. */
  | 'learned_limit'
  /** The peer closed it while it was idle. */
  | 'peer_fin'
  /** The peer reset it while it was idle. */
  | 'peer_reset'
  /** Bytes came while no request was outstanding (RFC 9112 §9.2). */
  | 'stray_data'
  /** The response did not allow reuse. */
  | 'response_close'
  /** The response was complete before its request was. */
  | 'early_response'
  /** Its request heard nothing for `responseTimeoutMs`. */
  | 'response_timeout'
  /** The dial or the connection failed. */
  | 'error'
  /** Its request was aborted before the response was complete. */
  | 'aborted'
  /** More connections were idle than may be kept. */
  | 'trimmed'
  /** Another origin needed its place under the total cap. */
  | 'evicted'
  /** The name of its origin does not stand for its address any more. */
  | 'address_gone'
  /** Its address had more connections than others of its name. */
  | 'rebalanced'
  /** The pool is draining. */
  | 'drained'
  /** The pool was destroyed. */
  | 'destroyed'

/** Whether the peer has ended an idle connection. */
export const isPeerClose = (reason: CloseReason): boolean =>
  reason === 'peer_fin' || reason === 'peer_reset'
