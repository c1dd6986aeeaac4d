/**
 * What connections lead to, as the pool is asked for them. The pool reads nothing else of it; whoever
 * dials extends it with what a dial takes.
 */
export interface OriginTarget {
  /**
   * The identity of the connections: equal for requests whose connections may replace each other. It
   * may hold secrets, and is never shown.
   */
  readonly key: string
  /** What people and programs see in the place of the key. Different keys have different names. */
  readonly name: string
}
