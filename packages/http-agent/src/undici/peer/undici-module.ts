// biome-ignore-all lint/style/useNamingConvention: the names are undici's.

import type { Duplex } from 'node:stream'
import type { buildConnector, Client, Dispatcher } from 'undici'

/** A function that makes connections: undici's connector, or the caller's. */
export type Connect = (
  options: buildConnector.Options,
  callback: buildConnector.Callback,
) => unknown

/** The documented part of undici that is used. */
export interface UndiciModule {
  readonly Client: new (origin: string | URL, options: Client.Options) => Client
  readonly Agent?: new () => object
  readonly buildConnector: (options: buildConnector.BuildOptions) => Connect
  readonly errors: {
    readonly InvalidArgumentError: new (message: string) => Error
    readonly RequestAbortedError: new () => Error
    readonly ClientClosedError: new () => Error
    readonly ClientDestroyedError: new () => Error
    readonly InformationalError: new (message: string) => Error
    readonly SocketError: new (message: string) => Error
  }
  readonly util: {
    readonly parseHeaders: (headers: (Buffer | string)[]) => Record<string, string | string[]>
  }
}

/** A handler of the older kind, without a controller. */
export interface LegacyHandler {
  readonly onConnect?: (abort: (reason?: Error) => void, context?: unknown) => void
  readonly onUpgrade?: (statusCode: number, headers: Buffer[], socket: Duplex) => void
  readonly onResponseStarted?: () => void
  readonly onHeaders?: (
    statusCode: number,
    headers: Buffer[],
    resume: () => void,
    statusText: string,
  ) => boolean | undefined
  readonly onData?: (chunk: Buffer) => boolean | undefined
  readonly onComplete?: (trailers: Buffer[]) => void
  readonly onError?: (error: Error) => void
  readonly onBodySent?: (chunk: Buffer) => void
  readonly onRequestSent?: () => void
}

/** A handler of either kind. */
export type AnyHandler = Dispatcher.DispatchHandler | LegacyHandler

/** The methods that a handler of the old kind must have. */
const LEGACY_METHODS = ['onConnect', 'onHeaders', 'onData', 'onComplete', 'onError'] as const
const LEGACY_UPGRADE_METHODS = ['onConnect', 'onUpgrade', 'onError'] as const
/**
 * The methods that a handler with a controller must have for undici 8; for undici 7 they are
 * optional.
 */
const METHODS = ['onResponseError', 'onResponseStart', 'onResponseData', 'onResponseEnd'] as const
const UPGRADE_METHODS = ['onResponseError', 'onRequestUpgrade'] as const

/**
 * @param isLenient Whether a handler with a controller may lack methods.
 * @throws undici's error for an invalid handler or invalid options.
 */
export const checkHandler = (
  handler: AnyHandler,
  options: Dispatcher.DispatchOptions,
  isLenient: boolean,
  InvalidArgumentError: UndiciModule['errors']['InvalidArgumentError'],
): void => {
  if (!options || typeof options !== 'object') {
    throw new InvalidArgumentError('opts must be an object.')
  }
  const isNew = typeof (handler as Dispatcher.DispatchHandler).onRequestStart === 'function'
  if (isNew && isLenient) return
  const isUpgrade = Boolean(options.upgrade) || options.method === 'CONNECT'
  const [usual, upgrading] = isNew
    ? [METHODS, UPGRADE_METHODS]
    : [LEGACY_METHODS, LEGACY_UPGRADE_METHODS]
  for (const name of isUpgrade ? upgrading : usual) {
    if (typeof (handler as Readonly<Record<string, unknown>>)[name] !== 'function') {
      throw new InvalidArgumentError(`invalid ${name} method`)
    }
  }
}
