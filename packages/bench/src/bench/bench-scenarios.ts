import { randomInt } from 'node:crypto'
import { UsageError } from '../cli/usage-error.ts'
import type { BenchOptions } from './bench-options.ts'
import type { Scenario } from './bench-result.ts'
import { blockCountOf } from './experiment/measure-blocks.ts'
import { participantsOf } from './method/participants.ts'
import { parseUpstream, type Upstream } from './upstreams/upstream.ts'
import { CLIENTS } from './variants/clients.ts'
import { parseVariant } from './variants/parse-variant.ts'
import { parseSweep, sweepVariants } from './variants/sweep.ts'
import type { Variant } from './variants/variant.ts'
import { parseWorkload, type Workload } from './workloads/workload.ts'

const SEEDS = 2 ** 32

/** Limits for a machine other than this one. */
const REMOTE_LIMITS = { rate: 200, connections: 50, totalMs: 60_000 } as const

const LOOPBACK_HOSTS = /^(?:127(?:\.\d+){3}|\[::1\]|localhost)$/u

/**
 * One scenario for each number of connections.
 *
 * @throws UsageError for options that do not go together
 */
export function scenariosOf(options: BenchOptions): Scenario[] {
  const baseline = parseVariant(options.baseline)
  const variants = sweepVariants(options.variant.map(parseVariant), options.sweep.map(parseSweep))
  const workload = parseWorkload(options.workload)
  const upstream = parseUpstream(options.upstream)
  checkCombinations(options, workload, upstream)
  if (options.origins > 1) checkOrigins([baseline, ...variants])
  const shared = {
    baseline: baseline.name,
    participants: participantsOf(baseline, variants),
    path: options.path,
    upstream,
    workload,
    method: options.method,
    bodyBytes: options.method === 'POST' ? options['body-bytes'] : 0,
    tls: options.tls,
    origins: options.origins,
    requestTimeoutMs: options['request-timeout-ms'],
    middleboxIdleSeconds: options['middlebox-idle'] ?? null,
    mayFail: workload.kind === 'gap' || upstream.closes || options['middlebox-idle'] !== undefined,
    blocks: options.blocks,
    forks: options.forks,
    sliceMs: options['slice-ms'],
    warmUpMs: options['warm-up-ms'],
    timelineMs: options['timeline-ms'],
    raceMs: options['race-ms'],
    seed: options.seed ?? randomInt(SEEDS),
  }
  const scenarios = options.connections.map((connections) => ({ ...shared, connections }))
  if (upstream.kind === 'url') {
    for (const scenario of scenarios) checkRemote(upstream.url, scenario, options)
  }
  return scenarios
}

function checkCombinations(options: BenchOptions, workload: Workload, upstream: Upstream): void {
  if (workload.kind === 'idle' && options.path !== 'direct') {
    throw new UsageError('--workload idle needs --path direct')
  }
  if (options.tls && upstream.kind === 'node' && upstream.options.close === 'reset') {
    throw new UsageError('--upstream node:close=reset cannot reset a connection of TLS: no --tls')
  }
  if (upstream.kind !== 'url') return
  if (options.origins > 1 || options.tls) {
    throw new UsageError('--origins and --tls need an upstream that is started, not a URL')
  }
  if (options['middlebox-idle'] !== undefined || options.sysctl.length > 0) {
    throw new UsageError('a URL is reached outside of namespaces: no --middlebox-idle, no --sysctl')
  }
  if (options.isolation === 'require') {
    throw new UsageError('a URL is reached outside of namespaces: no --isolation require')
  }
}

function checkOrigins(variants: readonly Variant[]): void {
  const single = variants.find(({ client }) => CLIENTS.get(client)?.isForOneOrigin === true)
  if (single === undefined) return
  throw new UsageError(`variant ${single.name} has one origin: no --origins`)
}

/** Refuses to load another machine without permission, or heavily. */
function checkRemote(url: string, scenario: Scenario, options: BenchOptions): void {
  const { hostname } = new URL(url)
  if (LOOPBACK_HOSTS.test(hostname)) return
  if (!options['i-own-this-host']) {
    throw new UsageError(`${hostname} is another machine: say --i-own-this-host if you may load it`)
  }
  const { workload, connections, participants, sliceMs, timelineMs } = scenario
  const { rate, connections: most, totalMs } = REMOTE_LIMITS
  if (workload.kind !== 'open' || workload.rate > rate) {
    throw new UsageError(`another machine takes --workload open:rate=N with N up to ${rate}`)
  }
  if (connections > most) throw new UsageError(`another machine takes up to ${most} connections`)
  const plannedMs = participants.length * (blockCountOf(scenario) * sliceMs + timelineMs)
  if (plannedMs * options.connections.length > totalMs) {
    throw new UsageError(
      `another machine is loaded for up to ${totalMs / 1000} s, this would take ${Math.ceil((plannedMs * options.connections.length) / 1000)} s: fewer or shorter blocks, or --timeline-ms 0`,
    )
  }
}
