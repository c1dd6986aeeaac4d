/** The codes of all errors that Holdfast itself raises. Match on these, not on classes. */
export type ErrorCode =
  | 'ERR_HOLDFAST_INVALID_OPTION'
  | 'ERR_HOLDFAST_INVALID_ARGUMENT'
  | 'ERR_HOLDFAST_QUEUE_FULL'
  | 'ERR_HOLDFAST_ACQUIRE_TIMEOUT'
  | 'ERR_HOLDFAST_RESPONSE_TIMEOUT'
  | 'ERR_HOLDFAST_POOL_CLOSED'
  | 'ERR_HOLDFAST_ILLEGAL_TRANSITION'
  | 'ERR_HOLDFAST_MISSING_PEER'
  | 'ERR_HOLDFAST_UNSUPPORTED'

/** An error that Holdfast raises itself; errors of sockets pass through as they are. */
export class HoldfastError extends Error {
  override readonly name: string = 'HoldfastError'
  /** The code of the error. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** An option is unknown, of the wrong type, out of range, or contradicts another. */
export class InvalidOptionError extends HoldfastError {
  override readonly name: string = 'InvalidOptionError'
  /** The option at fault, as the caller spelt it. */
  readonly key: string
  /** The value at fault. */
  readonly value: unknown
  /** A description of the values that are accepted, for people. */
  readonly allowed: string

  constructor(key: string, value: unknown, allowed: string) {
    super('ERR_HOLDFAST_INVALID_OPTION', `${key} must be ${allowed}, got ${describe(value)}`)
    this.key = key
    this.value = value
    this.allowed = allowed
  }
}

/** An argument is of the wrong type, or cannot be read. */
export class InvalidArgumentError extends HoldfastError {
  override readonly name: string = 'InvalidArgumentError'
  /** The value at fault. */
  readonly value: unknown

  constructor(argument: string, value: unknown, allowed: string) {
    super('ERR_HOLDFAST_INVALID_ARGUMENT', `${argument} must be ${allowed}, got ${describe(value)}`)
    this.value = value
  }
}

/**
 * Numbers of connections of an origin by state, and of its waiting requests, when it refused a
 * request.
 */
export interface Occupancy {
  /** Connections that are being dialled. */
  readonly connecting: number
  /** Connections that no request has. */
  readonly idle: number
  /** Connections in use, those that serve their last request included. */
  readonly leased: number
  /**
   * Connections that take no further request and still hold a descriptor, those that wait for their
   * peer to close first included.
   */
  readonly closing: number
  /** Requests that wait, and that the caps allow no dial. */
  readonly queued: number
}

const describeOccupancy = (occupancy: Occupancy): string =>
  Object.entries(occupancy)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')

/** The origin's queue already held `maxQueuedRequests` requests. */
export class QueueFullError extends HoldfastError {
  override readonly name: string = 'QueueFullError'
  /** The state of the origin at that moment. */
  readonly occupancy: Occupancy

  constructor(originName: string, maxQueuedRequests: number, occupancy: Occupancy) {
    super(
      'ERR_HOLDFAST_QUEUE_FULL',
      `the queue of ${originName} is at its limit of ${maxQueuedRequests} (${describeOccupancy(occupancy)})`,
    )
    this.occupancy = occupancy
  }
}

/** No connection became available within `acquireTimeoutMs`. */
export class AcquireTimeoutError extends HoldfastError {
  override readonly name: string = 'AcquireTimeoutError'
  /** The state of the origin at that moment. */
  readonly occupancy: Occupancy

  constructor(originName: string, acquireTimeoutMs: number, occupancy: Occupancy) {
    super(
      'ERR_HOLDFAST_ACQUIRE_TIMEOUT',
      `no connection to ${originName} within ${acquireTimeoutMs} ms (${describeOccupancy(occupancy)})`,
    )
    this.occupancy = occupancy
  }
}

/**
 * A request was sent, and then received nothing for `responseTimeoutMs`, before its response or
 * within it.
 */
export class ResponseTimeoutError extends HoldfastError {
  override readonly name: string = 'ResponseTimeoutError'

  constructor(originName: string, responseTimeoutMs: number) {
    super(
      'ERR_HOLDFAST_RESPONSE_TIMEOUT',
      `nothing was heard from ${originName} for ${responseTimeoutMs} ms`,
    )
  }
}

/** The pool is draining and takes no new request. */
export class PoolClosedError extends HoldfastError {
  override readonly name: string = 'PoolClosedError'

  constructor(originName: string) {
    super(
      'ERR_HOLDFAST_POOL_CLOSED',
      `the pool is draining and takes no new request (${originName})`,
    )
  }
}

/**
 * A connection, or a request, was asked to do what its state does not allow: a bug of the caller or of the
 * pool.
 */
export class IllegalTransitionError extends HoldfastError {
  override readonly name: string = 'IllegalTransitionError'

  constructor(subject: string, stateName: string, event: string) {
    super('ERR_HOLDFAST_ILLEGAL_TRANSITION', `${subject} is ${stateName} and cannot be ${event}`)
  }
}

const describe = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
