import { type Command, defineCommand } from '../cli/command.ts'
import { untilInterrupted } from '../cli/interruption.ts'
import type { Options } from '../cli/option.ts'
import { packageVersion } from '../cli/provenance.ts'
import type { Terminal } from '../cli/terminal.ts'
import { UsageError } from '../cli/usage-error.ts'
import { wrapped } from '../cli/wrapped.ts'
import { policyCode } from '../forms/policy-code.ts'
import { advise } from './findings/advise.ts'
import { findAll } from './findings/find-all.ts'
import { matchProfiles } from './findings/match-profiles.ts'
import type { Observations } from './observing/observation.ts'
import { MAX_CONNECTIONS, maxRequestsOf, type ProbePlan, runProbe } from './observing/run-probe.ts'
import { ProbeProgress } from './probe-progress.ts'
import { PROBE_SCHEMA, type ProbeResult } from './probe-result.ts'
import { renderProbe } from './render-probe.ts'
import { readTarget, type Target } from './target.ts'

const INTERRUPTED = 130

const OPTIONS = {
  'max-wait': {
    kind: 'time',
    description: 'how long an idle connection is watched for its end',
    default: 80_000,
    min: 200,
    max: 7_200_000,
  },
  'max-requests': {
    kind: 'integer',
    description: 'requests on one connection until it is said to have no cap',
    default: 110,
    min: 2,
    max: 100_000,
  },
  rate: {
    kind: 'integer',
    description: 'requests per second, at most; twice as many where a cap is confirmed',
    default: 20,
    min: 1,
    max: 1000,
  },
  timeout: {
    kind: 'time',
    description: 'how long a connection or a response may take',
    default: 10_000,
    min: 100,
    max: 600_000,
  },
  method: {
    kind: 'choice',
    description: 'of the requests',
    choices: ['GET', 'HEAD'],
    default: 'GET',
  },
  header: {
    kind: 'texts',
    description: 'sent with each request, may be repeated',
    placeholder: "'NAME: VALUE'",
  },
  insecure: { kind: 'flag', description: 'probe although the certificate is not trusted' },
  json: { kind: 'flag', description: 'print the whole result as JSON' },
} as const satisfies Options

export const probe: Command = defineCommand({
  summary: 'what a live server does to connections, and the policy for it',
  options: OPTIONS,
  takesOperands: true,
  help,
  run: async ({ options, operands }, { out, err }) => {
    const [url, surplus] = operands
    if (url === undefined) throw new UsageError('probe needs a URL: holdfast probe http://…')
    if (surplus !== undefined) throw new UsageError(`probe takes one URL, got also '${surplus}'`)
    const target = readTarget(url, options)
    const plan: ProbePlan = {
      maxWaitMs: options['max-wait'],
      maxRequests: options['max-requests'],
      requestsPerSecond: options.rate,
    }
    const startedAt = new Date().toISOString()
    const observations = await observe(target, plan, { out, err })
    if (observations === undefined) {
      err.writeLines(['interrupted before anything was known'])
      return INTERRUPTED
    }
    const result = resultOf(target, plan, startedAt, observations)
    if (options.json) out.write(`${JSON.stringify(result)}\n`)
    else out.writeLines(renderProbe(result, out.columns))
    return observations.interrupted ? INTERRUPTED : 0
  },
})

/** Runs the probe; undefined where it was interrupted before the first answer. */
async function observe(
  target: Target,
  plan: ProbePlan,
  { out, err }: Terminal,
): Promise<Observations | undefined> {
  const { maxWaitMs, maxRequests, requestsPerSecond } = plan
  const announcement = `probing ${target.url}: up to ${MAX_CONNECTIONS} connections, up to ${maxRequestsOf(maxRequests)} ${target.method} requests at ${requestsPerSecond} to ${2 * requestsPerSecond} a second, up to ${maxWaitMs / 1000} s of waiting`
  err.writeLines(wrapped(announcement, err.columns, '  '))
  const progress = new ProbeProgress(err, plan)
  try {
    return await untilInterrupted(out.gone, (interruption) =>
      runProbe(target, plan, (count) => progress.counted(count), interruption),
    )
  } finally {
    progress.end()
  }
}

function resultOf(
  target: Target,
  plan: ProbePlan,
  startedAt: string,
  observations: Observations,
): ProbeResult {
  const findings = findAll(observations)
  const advice = advise(findings, target.authority, `holdfast probe, ${startedAt}`)
  return {
    schema: PROBE_SCHEMA,
    version: packageVersion(),
    startedAt,
    url: target.url,
    method: target.method,
    plan,
    findings,
    matches: matchProfiles(findings),
    policy: advice.policy,
    reasons: advice.reasons,
    warnings: advice.warnings,
    code: policyCode(advice.policy, { isSecure: target.isSecure, reasons: advice.reasons }),
    observations,
  }
}

function help(options: readonly string[]): string[] {
  return [
    'holdfast probe URL [OPTIONS]',
    '',
    'Asks a live server how long it keeps idle connections, how many requests it',
    'takes on one, what it announces and whether that is true, and how it closes.',
    'Prints the policy for it. A few connections and requests at a low rate are all',
    'that the server sees.',
    '',
    'Options:',
    ...options,
    '',
    'Examples:',
    '  holdfast probe http://127.0.0.1:8080/',
    '  holdfast probe https://service.example/health --max-wait 5m',
    '  holdfast probe http://127.0.0.1:8080/ --max-requests 1100 --rate 100',
    "  holdfast probe http://127.0.0.1:8080/ --header 'Authorization: Bearer …'",
    '  holdfast probe http://127.0.0.1:8080/ --json > probe.json',
    '',
    'Exit code: 0 if the server was probed, 1 if it could not be, 2 if the options',
    'are wrong, 130 if it was interrupted; what was known by then is printed.',
  ]
}
