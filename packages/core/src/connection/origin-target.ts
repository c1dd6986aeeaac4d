/**
 * The destination of a request. The pool reads nothing else of it; a driver extends it with what
 * its dials need.
 */
export interface OriginTarget {
  /**
   * The identity of the connections: equal for requests whose connections may replace each other. It
   * may hold secrets, and is never shown.
   */
  readonly key: string
  /**
   * The name that events, snapshots and errors show in place of the key. Different keys have
   * different names.
   */
  readonly name: string
}
