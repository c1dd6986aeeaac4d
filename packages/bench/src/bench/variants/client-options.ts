import { HoldfastError, type PolicyOptions, resolvePolicy } from '@holdfast/core'
import { didYouMean } from '../../cli/nearest.ts'
import type { LooseValues } from '../../cli/spec.ts'
import { UsageError } from '../../cli/usage-error.ts'

/** Options of `http.Agent`, which other agents take, too. */
const AGENT_OPTIONS = [
  'keepAlive',
  'keepAliveMsecs',
  'maxFreeSockets',
  'maxSockets',
  'maxTotalSockets',
  'scheduling',
  'timeout',
] as const

/** Options of each kind of client. */
export const CLIENT_OPTIONS: Readonly<
  Record<'agent' | 'agentkeepalive' | 'undici', readonly string[]>
> = {
  agent: AGENT_OPTIONS,
  agentkeepalive: [...AGENT_OPTIONS, 'freeSocketTimeout', 'socketActiveTTL'],
  undici: [
    'bodyTimeout',
    'clientTtl',
    'connections',
    'headersTimeout',
    'keepAliveMaxTimeout',
    'keepAliveTimeout',
    'keepAliveTimeoutThreshold',
    'maxRequestsPerClient',
    'pipelining',
  ],
}

/**
 * Checks the names of a client's options.
 *
 * @throws UsageError for an option that the client does not have
 */
export function checkClientOptions(
  client: string,
  options: LooseValues,
  known: readonly string[],
): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    const allowed = known.length === 0 ? 'it has none' : `known: ${known.join(', ')}`
    throw new UsageError(
      `variant ${client}: unknown option ${key}${didYouMean(key, known) || `; ${allowed}`}`,
    )
  }
}

/** Options of our clients: Node's at the top level, all others in `policy`. */
export interface HoldfastOptions {
  readonly agent: LooseValues
  readonly policy: PolicyOptions
}

/**
 * Divides options between agent and policy.
 *
 * @throws UsageError for a policy that is wrong
 */
export function holdfastOptionsOf(client: string, options: LooseValues): HoldfastOptions {
  const isOfAgent = ([key]: readonly [string, unknown]): boolean =>
    (AGENT_OPTIONS as readonly string[]).includes(key)
  const entries = Object.entries(options)
  const policy = Object.fromEntries(entries.filter((entry) => !isOfAgent(entry))) as PolicyOptions
  try {
    resolvePolicy(policy)
  } catch (error) {
    if (error instanceof HoldfastError) throw new UsageError(`variant ${client}: ${error.message}`)
    throw error
  }
  return { agent: Object.fromEntries(entries.filter(isOfAgent)), policy }
}
