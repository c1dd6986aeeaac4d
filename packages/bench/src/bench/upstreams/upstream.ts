import { readNamedOptions } from '../../cli/named-options.ts'
import type { Options, OptionValues } from '../../cli/option.ts'
import { UsageError } from '../../cli/usage-error.ts'

/**
 * Servers with their options, named as each server names them. By default no server closes a connection
 * within a run, because that is an experiment of its own.
 */
export const UPSTREAMS = {
  node: {
    description: 'an http.Server of Node in a process of its own',
    options: {
      keepAliveTimeoutMs: {
        kind: 'time',
        unit: 'ms',
        description: 'idle connections are closed after this time',
        default: 600_000,
        min: 1,
        max: 3_600_000,
      },
      maxRequests: {
        kind: 'integer',
        description: 'a connection is closed after as many requests; 0 for never',
        default: 0,
        min: 0,
        max: 1_000_000_000,
      },
      hint: {
        kind: 'flag',
        description: 'whether it announces its time-out in a Keep-Alive header',
        default: true,
      },
      close: {
        kind: 'choice',
        description: 'how it closes an idle connection',
        default: 'fin',
        choices: ['fin', 'reset'],
      },
      delayMs: {
        kind: 'time',
        unit: 'ms',
        description: 'time before it answers',
        default: 0,
        min: 0,
        max: 60_000,
      },
      bodyBytes: {
        kind: 'integer',
        description: 'size of an answer',
        default: 32,
        min: 0,
        max: 10_000_000,
      },
    },
  },
  nginx: {
    description: 'nginx, if it is installed',
    options: {
      keepalive_timeout: {
        kind: 'time',
        unit: 's',
        description: 'idle connections are closed after this time',
        default: 600,
        min: 1,
        max: 3600,
      },
      keepalive_requests: {
        kind: 'integer',
        description: 'a connection is closed after as many requests',
        default: 1_000_000_000,
        min: 1,
        max: 1_000_000_000,
      },
      bodyBytes: {
        kind: 'integer',
        description: 'size of an answer',
        default: 32,
        min: 0,
        max: 10_000,
      },
    },
  },
  apache: {
    description: 'Apache httpd, if it is installed',
    options: {
      KeepAlive: {
        kind: 'choice',
        description: 'whether a connection serves more than one request',
        default: 'On',
        choices: ['On', 'Off'],
      },
      MaxKeepAliveRequests: {
        kind: 'integer',
        description: 'a connection is closed after as many requests; 0 for never',
        default: 0,
        min: 0,
        max: 1_000_000_000,
      },
      KeepAliveTimeout: {
        kind: 'time',
        unit: 's',
        description: 'idle connections are closed after this time',
        default: 600,
        min: 0.001,
        max: 3600,
      },
      bodyBytes: {
        kind: 'integer',
        description: 'size of an answer',
        default: 32,
        min: 0,
        max: 10_000_000,
      },
    },
  },
  haproxy: {
    description: 'HAProxy, if it is installed',
    options: {
      'timeout-http-keep-alive': {
        kind: 'time',
        unit: 'ms',
        description: 'idle connections are closed after this time',
        default: 600_000,
        min: 1,
        max: 3_600_000,
      },
      bodyBytes: {
        kind: 'integer',
        description: 'size of an answer',
        default: 32,
        min: 0,
        max: 10_000,
      },
    },
  },
} as const

/** Servers that this package can run as an upstream. */
export type ServerName = keyof typeof UPSTREAMS

/** One server's options, complete. */
export type ServerOptions<N extends ServerName> = OptionValues<(typeof UPSTREAMS)[N]['options']>

/** Server that is called: one that is started for the run, or one of the user's. */
export type Upstream =
  | {
      readonly [N in ServerName]: {
        readonly kind: N
        readonly options: ServerOptions<N>
        /** Whether it was told to close connections within a run. */
        readonly closes: boolean
      }
    }[ServerName]
  | { readonly kind: 'url'; readonly url: string; readonly closes: boolean }

/** Options that do not make a server close connections. */
const HARMLESS = new Set(['bodyBytes', 'delayMs', 'hint'])

const URL_START = /^https?:\/\//u

/**
 * Reads `name`, `name:key=value` or a URL.
 *
 * @throws UsageError for anything else
 */
export function parseUpstream(text: string): Upstream {
  if (URL_START.test(text)) return { kind: 'url', url: checkedUrl(text), closes: true }
  const { name, values } = readNamedOptions('upstream', UPSTREAMS, text, ', or a URL')
  const defaults: Options = UPSTREAMS[name].options
  const closes = Object.entries(values).some(
    ([key, value]) => !HARMLESS.has(key) && value !== defaults[key]?.default,
  )
  return { kind: name, options: values, closes } as Upstream
}

function checkedUrl(text: string): string {
  if (!URL.canParse(text)) throw new UsageError(`--upstream: '${text}' is no URL`)
  return new URL(text).href
}
