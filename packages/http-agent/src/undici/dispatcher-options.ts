import net, { type LookupFunction } from 'node:net'
import {
  type Bounds,
  checkNumber,
  FOREIGN_NAMES,
  InvalidOptionError,
  POLICY_FIELDS,
  type PolicyOptions,
  type Scheduling,
  unknownOption,
} from '@holdfast/core'
import type { buildConnector } from 'undici'
import type { DialWishes, LookupFor } from '../driver/addresses/named-dial.ts'
import { MAX_DELAY_MS } from '../driver/real-time.ts'
import { DIRECT_READ } from './connection/direct-read.ts'
import type { UndiciModule } from './peer/undici-module.ts'

/** Options of a `KeepAliveDispatcher`: undici's own, with undici's meaning and defaults, and `policy`. */
export interface KeepAliveDispatcherOptions {
  /** Rules for how connections are kept, checked, replaced and waited for. */
  readonly policy?: PolicyOptions
  /**
   * The most connections to one origin.
   *
   * Default: Infinity. Allowed: a whole number from 1, or Infinity.
   */
  readonly connections?: number
  /**
   * The most connections to all origins together. Where idle ones of other origins take the last
   * place, the one idle longest is closed.
   *
   * Default: Infinity. Allowed: a whole number from 1, or Infinity.
   */
  readonly maxTotalConnections?: number
  /**
   * The most idle connections to one origin.
   *
   * Default: Infinity. Allowed: a whole number from 0, or Infinity.
   */
  readonly maxIdleConnections?: number
  /**
   * The idle connection that is used next: the one used last (`'lifo'`), or the one idle longest
   * (`'fifo'`). Default: `'lifo'`.
   */
  readonly scheduling?: Scheduling
  /** Options of undici's `buildConnector`, or a function in its place, that make connections. */
  readonly connect?: buildConnector.BuildOptions | buildConnector.connector
  /**
   * Milliseconds for a dial and its TLS handshake; 0 for no limit. Default: 10_000, as with undici.
   * Allowed: a number from 0.
   */
  readonly connectTimeout?: number
  /**
   * The most TLS sessions that are kept to be resumed. Default: 100. Allowed: a whole number from
   * 0.
   */
  readonly maxCachedSessions?: number
  /** The path of a unix socket, or named pipe, that all connections go to. Default: none. */
  readonly socketPath?: string
  /** The local IP address of connections. Default: the system's choice. */
  readonly localAddress?: string
  /** Whether IPv4 and IPv6 are tried side by side; see Node's `net.connect`. Default: Node's. */
  readonly autoSelectFamily?: boolean
  /** Milliseconds for one address, where several are tried. Default: Node's. Allowed: from 10. */
  readonly autoSelectFamilyAttemptTimeout?: number
  /**
   * Milliseconds from the request's sending to its response's headers; 0 for no limit.
   * Default: 300_000. Allowed: a whole number from 0.
   */
  readonly headersTimeout?: number
  /**
   * Milliseconds between two pieces of a response's body; 0 for no limit.
   * Default: 300_000. Allowed: a whole number from 0.
   */
  readonly bodyTimeout?: number
  /**
   * The most bytes of a response's headers. Default: Node's 16_384. Allowed: a whole number from 1.
   */
  readonly maxHeaderSize?: number
  /**
   * The most bytes of a response's body; -1 for no limit. Default: -1. Allowed: a whole number from
   * -1.
   */
  readonly maxResponseSize?: number
  /** Whether a body must be as long as its `Content-Length` says. Default: true. */
  readonly strictContentLength?: boolean
  /** Limits on what `WebSocket` receives through this dispatcher, as in undici. */
  readonly webSocket?: { readonly maxFragments?: number; readonly maxPayloadSize?: number }
  /** Limits on what `EventSource` receives through this dispatcher, as in undici. */
  readonly eventSource?: { readonly maxEventSize?: number }
  /**
   * The undici whose clients are used. Default: the one that is installed beside this package,
   * whose `Dispatcher` this class extends in any case.
   */
  readonly undici?: object
}

const count = (min: number): Bounds => ({ min, max: Number.POSITIVE_INFINITY, isInteger: true })
const finite = (min: number): Bounds => ({ min, max: Number.MAX_SAFE_INTEGER, isInteger: true })

const delay: Bounds = { min: 0, max: MAX_DELAY_MS, isInteger: true }

const NUMBERS: Readonly<Record<string, Bounds>> = {
  connections: count(1),
  maxTotalConnections: count(1),
  maxIdleConnections: count(0),
  connectTimeout: delay,
  maxCachedSessions: finite(0),
  autoSelectFamilyAttemptTimeout: { min: 10, max: MAX_DELAY_MS, isInteger: true },
  headersTimeout: delay,
  bodyTimeout: delay,
  maxHeaderSize: finite(1),
  maxResponseSize: finite(-1),
}

type Check = (value: unknown) => string | undefined

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const unless =
  (isAllowed: (value: unknown) => boolean, allowed: string): Check =>
  (value) =>
    isAllowed(value) ? undefined : allowed

const isBoolean = (value: unknown): boolean => typeof value === 'boolean'

const isAddress = (value: unknown): boolean => typeof value === 'string' && net.isIP(value) !== 0

const isUndici = (value: unknown): boolean =>
  isObject(value) && ['Client', 'buildConnector', 'errors', 'util'].every((name) => name in value)

const OTHERS: Readonly<Record<string, Check>> = {
  policy: () => undefined,
  scheduling: unless((value) => value === 'lifo' || value === 'fifo', "one of 'lifo', 'fifo'"),
  connect: unless(
    (value) => isObject(value) || typeof value === 'function',
    'an object of options for buildConnector, or a function in its place',
  ),
  socketPath: unless((value) => typeof value === 'string' && value !== '', 'a path'),
  localAddress: unless(isAddress, 'an IP address'),
  autoSelectFamily: unless(isBoolean, 'true or false'),
  strictContentLength: unless(isBoolean, 'true or false'),
  webSocket: unless(isObject, 'an object'),
  eventSource: unless(isObject, 'an object'),
  undici: unless(isUndici, 'the module undici'),
}

const ONE_AT_A_TIME = 'a connection of the pool serves one request at a time'
const H1_ONLY = `left out: ${ONE_AT_A_TIME}, so that HTTP/2 would be of no use`

/** Options of undici that this dispatcher refuses, each with what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  pipelining: `1: ${ONE_AT_A_TIME}, so that a slow response delays no other one`,
  allowH2: `false: ${ONE_AT_A_TIME}, so that HTTP/2 would be of no use`,
  useH2c: H1_ONLY,
  h2Options: H1_ONLY,
  maxConcurrentStreams: H1_ONLY,
  initialWindowSize: H1_ONLY,
  connectionWindowSize: H1_ONLY,
  pingInterval: H1_ONLY,
  keepAliveTimeout: 'left out: use policy.idleTimeoutMs',
  keepAliveMaxTimeout: 'left out: use policy.idleTimeoutMs',
  keepAliveTimeoutThreshold: 'left out: use policy.serverHintMarginMs',
  maxRequestsPerClient: 'left out: use policy.maxRequestsPerConnection',
  clientTtl: 'left out: use policy.maxConnectionAgeMs',
  maxOrigins: 'left out: use maxTotalConnections; an origin without connections costs nothing',
  factory: 'left out: the pool makes its clients itself',
  interceptors: 'left out: use dispatcher.compose(…)',
  tls: 'left out: TLS options stand in connect',
}

/** Values of refused options that are accepted, because they change nothing. */
const HARMLESS: Readonly<Record<string, unknown>> = { pipelining: 1, allowH2: false }

/** Options of the agents, with their names here. */
const INSTEAD: Readonly<Record<string, string>> = {
  ...FOREIGN_NAMES,
  ...Object.fromEntries(POLICY_FIELDS.map((field) => [field, `policy.${field}`])),
  maxSockets: 'connections',
  maxTotalSockets: 'maxTotalConnections',
  maxFreeSockets: 'maxIdleConnections',
  timeout: 'headersTimeout and bodyTimeout',
}

const KNOWN = [...Object.keys(NUMBERS), ...Object.keys(OTHERS)]

/**
 * Checks the options, without changing them. One that is `undefined` counts as left out.
 *
 * @throws InvalidOptionError (`ERR_HOLDFAST_INVALID_OPTION`), naming the key, the value and what is
 * allowed.
 */
export const checkDispatcherOptions = (options: unknown): void => {
  if (!isObject(options)) throw new InvalidOptionError('options', options, 'an object')
  for (const [key, value] of Object.entries(options)) {
    if (value !== undefined && value !== HARMLESS[key]) checkOption(key, value)
  }
  const { connect } = options as KeepAliveDispatcherOptions
  if (isObject(connect) && 'allowH2' in connect && connect.allowH2 === true) {
    throw new InvalidOptionError('connect.allowH2', true, REFUSED['allowH2'] as string)
  }
}

const checkOption = (key: string, value: unknown): void => {
  const bounds = NUMBERS[key]
  if (bounds !== undefined) {
    checkNumber(key, value, bounds)
    return
  }
  const check = OTHERS[key]
  if (check === undefined && REFUSED[key] === undefined) {
    throw unknownOption(key, value, { names: KNOWN, instead: INSTEAD })
  }
  const allowed = check === undefined ? REFUSED[key] : check(value)
  if (allowed !== undefined) throw new InvalidOptionError(key, value, allowed)
}

/**
 * Returns the connector of the options, or undici's.
 *
 * @param lookupFor Makes the option `lookup` for sockets of undici's connector, where the pool
 * looks names up.
 */
export const connectorOf = (
  options: KeepAliveDispatcherOptions,
  undici: UndiciModule,
  lookupFor: LookupFor | undefined,
): ReturnType<UndiciModule['buildConnector']> => {
  const { connect, connectTimeout, maxCachedSessions, socketPath } = options
  if (typeof connect === 'function') return connect
  const { autoSelectFamily, autoSelectFamilyAttemptTimeout } = options
  return undici.buildConnector({
    // The policy decides about TCP keepalive.
    keepAlive: false,
    allowH2: false,
    ...(DIRECT_READ === undefined ? undefined : { onread: DIRECT_READ }),
    ...(connectTimeout === undefined ? undefined : { timeout: connectTimeout }),
    ...(maxCachedSessions === undefined ? undefined : { maxCachedSessions }),
    ...(socketPath === undefined ? undefined : { socketPath }),
    ...(autoSelectFamily === undefined ? undefined : { autoSelectFamily }),
    ...(autoSelectFamilyAttemptTimeout === undefined
      ? undefined
      : { autoSelectFamilyAttemptTimeout }),
    ...connect,
    ...lookupOptionOf(options, lookupFor),
  } as buildConnector.BuildOptions)
}

const lookupOptionOf = (
  {
    autoSelectFamily,
    autoSelectFamilyAttemptTimeout,
    connect,
    localAddress,
  }: KeepAliveDispatcherOptions,
  lookupFor: LookupFor | undefined,
): { readonly lookup?: LookupFunction } => {
  const asked = { autoSelectFamily, autoSelectFamilyAttemptTimeout, ...(connect as DialWishes) }
  const { lookup } = asked
  if (lookupFor === undefined || (lookup !== undefined && typeof lookup !== 'function')) return {}
  return { lookup: lookupFor({ ...asked, localAddress }) }
}
