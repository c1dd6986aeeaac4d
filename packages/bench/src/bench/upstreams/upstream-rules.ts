import { UsageError } from '../../cli/command-line.ts'
import { didYouMean } from '../../cli/nearest.ts'
import { type CheckedOptions, checkOptions } from '../../cli/option-rules.ts'
import { parseSpec, type SpecOptions } from '../../cli/spec.ts'

/**
 * The options of each server, named as the server names them. What a server closes on its own is
 * an experiment of its own, so that by default none does within a run.
 */
export const UPSTREAM_RULES = {
  node: {
    keepAliveTimeoutMs: {
      kind: 'number',
      unit: 'ms',
      description: 'idle connections are closed after this time',
      default: 600_000,
      min: 1,
      max: 3_600_000,
    },
    maxRequests: {
      kind: 'number',
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
      kind: 'number',
      unit: 'ms',
      description: 'time before it answers',
      default: 0,
      min: 0,
      max: 60_000,
    },
    bodyBytes: {
      kind: 'number',
      description: 'size of an answer',
      default: 32,
      min: 0,
      max: 10_000_000,
    },
  },
  nginx: {
    keepalive_timeout: {
      kind: 'number',
      unit: 's',
      description: 'idle connections are closed after this time',
      default: 600,
      min: 1,
      max: 3600,
    },
    keepalive_requests: {
      kind: 'number',
      description: 'a connection is closed after as many requests',
      default: 1_000_000_000,
      min: 1,
      max: 1_000_000_000,
    },
    bodyBytes: {
      kind: 'number',
      description: 'size of an answer',
      default: 32,
      min: 0,
      max: 10_000,
    },
  },
  apache: {
    KeepAlive: {
      kind: 'choice',
      description: 'whether a connection serves more than one request',
      default: 'On',
      choices: ['On', 'Off'],
    },
    MaxKeepAliveRequests: {
      kind: 'number',
      description: 'a connection is closed after as many requests; 0 for never',
      default: 0,
      min: 0,
      max: 1_000_000_000,
    },
    KeepAliveTimeout: {
      kind: 'number',
      unit: 's',
      description: 'idle connections are closed after this time',
      default: 600,
      min: 0.001,
      max: 3600,
    },
    bodyBytes: {
      kind: 'number',
      description: 'size of an answer',
      default: 32,
      min: 0,
      max: 10_000_000,
    },
  },
  haproxy: {
    'timeout-http-keep-alive': {
      kind: 'number',
      unit: 'ms',
      description: 'idle connections are closed after this time',
      default: 600_000,
      min: 1,
      max: 3_600_000,
    },
    bodyBytes: {
      kind: 'number',
      description: 'size of an answer',
      default: 32,
      min: 0,
      max: 10_000,
    },
  },
} as const

/** Servers that this package can run as an upstream. */
export type ServerName = keyof typeof UPSTREAM_RULES

/** One server's options, complete. */
export type ServerOptions<N extends ServerName> = CheckedOptions<(typeof UPSTREAM_RULES)[N]>

/** Who is called: a server that is started for the run, or one of the user's. */
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

/** Reads `name`, `name:key=value` or a URL. Throws {@link UsageError}. */
export function parseUpstream(text: string): Upstream {
  if (URL_START.test(text)) return { kind: 'url', url: checkedUrl(text), closes: true }
  const { name, options } = parseSpec('upstream', text)
  if (!isServerName(name)) {
    const known = Object.keys(UPSTREAM_RULES)
    const hint = didYouMean(name, known) || `; known: ${known.join(', ')}, or a URL`
    throw new UsageError(`unknown upstream ${name}${hint}`)
  }
  return serverOf(name, options)
}

function serverOf(name: ServerName, options: SpecOptions): Upstream {
  const checked = checkOptions('upstream', UPSTREAM_RULES[name], { name, options })
  const closes = Object.keys(options).some((key) => !HARMLESS.has(key))
  return { kind: name, options: checked, closes } as Upstream
}

function isServerName(name: string): name is ServerName {
  return Object.hasOwn(UPSTREAM_RULES, name)
}

function checkedUrl(text: string): string {
  if (!URL.canParse(text)) throw new UsageError(`--upstream: '${text}' is no URL`)
  return new URL(text).href
}
