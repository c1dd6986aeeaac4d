import { randomInt } from 'node:crypto'
import { LINUX_EPHEMERAL_PORTS, type PortRange } from '@holdfast/core/tcp'
import { PROFILES } from '@holdfast/core/upstreams'
import { type Command, defineCommand } from '../cli/command.ts'
import type { Options, OptionValues } from '../cli/option.ts'
import type { Terminal } from '../cli/terminal.ts'
import { UsageError } from '../cli/usage-error.ts'
import { wrapped } from '../cli/wrapped.ts'
import { checkForms, writeForms } from '../forms/result-forms.ts'
import { makePlan, type SimulationOptions } from './make-plan.ts'
import { planForms } from './plan-forms.ts'
import type { PlanInput } from './plan-input.ts'
import type { PlanResult } from './plan-result.ts'
import { POLICY_BASES, plannedPolicy } from './planned-policy.ts'
import { readPathOption } from './read-path-option.ts'
import { readArrivals, readSpread } from './read-spread.ts'

const SEEDS = 2 ** 32
const KIB = 1024
const HOUR_MS = 3_600_000
const PORTS = /^(?<first>\d{1,5})-(?<last>\d{1,5})$/u

const OPTIONS = {
  rate: {
    kind: 'integer',
    description: 'requests per second of all replicas together',
    default: 1000,
    min: 1,
    max: 10_000_000,
  },
  service: {
    kind: 'time',
    description: 'how long the upstream takes for a request, on average',
    default: 20,
    min: 0.001,
    max: HOUR_MS,
  },
  concurrency: {
    kind: 'integer',
    description: 'requests in progress, of all replicas; instead of --service',
    min: 1,
    max: 10_000_000,
  },
  replicas: {
    kind: 'integer',
    description: 'processes with a pool of their own',
    default: 10,
    min: 1,
    max: 100_000,
  },
  destinations: {
    kind: 'integer',
    description: 'addresses that each replica calls, evenly',
    default: 1,
    min: 1,
    max: 10_000,
  },
  rtt: {
    kind: 'time',
    description: 'round trip to the upstream',
    default: 1,
    min: 0.001,
    max: 60_000,
  },
  tls: { kind: 'flag', description: 'a dial takes a second round trip, as TLS 1.3 does' },
  profile: {
    kind: 'texts',
    description: 'server or middlebox on the path: a name below, or values of your own',
    placeholder: 'NAME|KEY=VALUE,…',
    names: () => Object.keys(PROFILES),
  },
  policy: {
    kind: 'texts',
    description: 'policy to plan for; short, default and, with a profile, safe unless said',
    placeholder: '[BASE:]KEY=VALUE,…|BASE',
    names: () => POLICY_BASES,
  },
  'max-sockets': {
    kind: 'integer',
    description: 'connections of a replica to one destination; no limit unless said',
    min: 1,
    max: 1_000_000,
  },
  'upstream-connections': {
    kind: 'integer',
    description: 'connections that a destination takes; no limit unless said',
    min: 1,
    max: 100_000_000,
  },
  'shared-address': {
    kind: 'flag',
    description: 'all replicas leave by one address, as behind a NAT, and share its ports',
  },
  ports: {
    kind: 'text',
    description: 'ephemeral ports; those of Linux',
    placeholder: 'FIRST-LAST',
    default: `${LINUX_EPHEMERAL_PORTS.first}-${LINUX_EPHEMERAL_PORTS.last}`,
  },
  'time-wait': {
    kind: 'time',
    description: 'how long a client keeps TIME_WAIT',
    default: 60_000,
    min: 1,
    max: 600_000,
  },
  'replica-kib': {
    kind: 'integer',
    description: 'memory of a connection at a replica, kernel included',
    default: 40,
    min: 1,
    max: 100_000,
  },
  'upstream-kib': {
    kind: 'integer',
    description: 'memory of a connection at the upstream, kernel included',
    default: 25,
    min: 1,
    max: 100_000,
  },
  simulate: { kind: 'flag', description: 'show more of the simulation that the plan rests on' },
  time: {
    kind: 'time',
    description: 'simulated time',
    default: 600_000,
    min: 1000,
    max: 24 * HOUR_MS,
  },
  arrivals: {
    kind: 'text',
    description: 'how requests come: constant, exponential, lognormal:SIGMA or bursts:N',
    placeholder: 'KIND',
    names: () => ['constant', 'exponential', 'lognormal', 'bursts'],
    default: 'exponential',
  },
  'service-spread': {
    kind: 'text',
    description: 'how service times spread: constant, exponential or lognormal:SIGMA',
    placeholder: 'KIND',
    names: () => ['constant', 'exponential', 'lognormal'],
    default: 'exponential',
  },
  replayable: {
    kind: 'integer',
    description: 'percent of the requests that may be sent again',
    default: 100,
    min: 0,
    max: 100,
  },
  'loop-delay': {
    kind: 'time',
    description: 'how long a replica is busy, on average, before it reads what has come',
    default: 1,
    min: 0,
    max: 60_000,
  },
  'max-requests': {
    kind: 'integer',
    description: 'requests simulated per policy at the most; fewer replicas stand for all beyond',
    default: 300_000,
    min: 1000,
    max: 1_000_000_000,
  },
  seed: {
    kind: 'integer',
    description: 'determines the simulation',
    default: randomInt(SEEDS),
    defaultText: 'random',
    min: 0,
    max: SEEDS - 1,
  },
  'fail-if': {
    kind: 'choice',
    description: 'exit with 1 if a policy breaks a limit, or comes close to one',
    choices: ['never', 'breaks', 'tight'],
    default: 'never',
  },
  json: { kind: 'flag', description: 'print the whole plan as JSON' },
  markdown: { kind: 'flag', description: 'print the plan as Markdown, for a pull request' },
  html: {
    kind: 'text',
    description: 'also write the plan as one HTML file with charts, for a browser',
    placeholder: 'FILE',
  },
} as const satisfies Options

type Values = OptionValues<typeof OPTIONS>

export const plan: Command = defineCommand({
  summary: 'which settings to take, by a simulation of the real pool',
  options: OPTIONS,
  help,
  run: ({ options: values }, { out, err }) => {
    checkForms(values)
    const input = inputOf(values)
    const policies = policyTexts(values).map((text) => plannedPolicy(text, input.path))
    const result = makePlan(input, policies, simulationOf(values), progressOn(err))
    err.clearLive()
    writeForms(planForms(result, values.simulate), values, out)
    return exitCodeOf(result, values['fail-if'])
  },
})

function policyTexts({ policy, profile }: Values): readonly string[] {
  if (policy.length > 0) return policy
  return profile.length === 0 ? ['short', 'default'] : ['short', 'default', 'safe']
}

function inputOf(values: Values): PlanInput {
  const { rate, concurrency, rtt, service } = values
  const serviceMs = concurrency === undefined ? service : (concurrency * 1000) / rate - rtt
  if (serviceMs <= 0) {
    throw new UsageError(
      `--concurrency must exceed --rate times --rtt, which is ${(rate * rtt) / 1000}, got '${concurrency}'`,
    )
  }
  return {
    requestsPerSecond: rate,
    replicas: values.replicas,
    destinations: values.destinations,
    serviceMs,
    roundTripMs: rtt,
    tls: values.tls,
    maxSockets: values['max-sockets'] ?? Number.POSITIVE_INFINITY,
    path: readPathOption(values.profile),
    sharesAddress: values['shared-address'],
    ports: portsOf(values.ports),
    timeWaitMs: values['time-wait'],
    upstreamMaxConnections: values['upstream-connections'] ?? Number.POSITIVE_INFINITY,
    replicaBytesPerConnection: values['replica-kib'] * KIB,
    upstreamBytesPerConnection: values['upstream-kib'] * KIB,
  }
}

function portsOf(text: string): PortRange {
  const { first, last } = PORTS.exec(text)?.groups ?? {}
  const range = { first: Number(first), last: Number(last) }
  if (range.first >= 1 && range.last >= range.first && range.last <= 65_535) return range
  throw new UsageError(`--ports must be FIRST-LAST within 1-65535, got '${text}'`)
}

function simulationOf(values: Values): SimulationOptions {
  return {
    durationMs: values.time,
    arrivals: readArrivals('arrivals', values.arrivals),
    service: readSpread('service-spread', values['service-spread']),
    replayableShare: values.replayable / 100,
    loopDelayMs: values['loop-delay'],
    maxRequests: values['max-requests'],
    seed: values.seed,
  }
}

/** Progress of the simulation on a terminal; elsewhere it is silent. */
function progressOn(err: Terminal['err']): (policy: string, done: number, of: number) => void {
  return (policy, done, of) => {
    if (err.isLive && (done % 16 === 0 || done === of)) {
      err.showLive(`${policy}: ${done} of ${of} replicas`)
    }
  }
}

function exitCodeOf({ outlooks }: PlanResult, failIf: Values['fail-if']): number {
  const severities = outlooks.flatMap(({ findings }) => findings.map(({ severity }) => severity))
  const fails =
    failIf !== 'never' &&
    severities.some((each) => each === 'breaks' || (failIf === 'tight' && each === 'tight'))
  return fails ? 1 : 0
}

function help(options: readonly string[]): string[] {
  return [
    'holdfast plan [OPTIONS]',
    '',
    'Tells which keepalive settings to take before anything runs, and what they lead',
    'to: connections, how many are opened, who holds TIME_WAIT, how many ephemeral',
    'ports that takes, memory, and which limit breaks. The real pool runs on a',
    'virtual clock, against a model of the upstream.',
    '',
    'Options:',
    ...options,
    '',
    'Policies:',
    '  short    a connection per request, which both sides close at once',
    '  default  what HttpAgent does unless told otherwise',
    '  safe     computed from --profile, with the reasons',
    '  Each may be changed as in default:idleTimeoutMs=4000,closeMode=reset.',
    '',
    'Profiles:',
    ...wrapped(`  ${Object.keys(PROFILES).join(', ')}`, 80, '  '),
    '  Values of your own: idleTimeoutMs, maxRequests, maxAgeMs, hint, closes,',
    '  timeWaitMs.',
    '',
    'Examples:',
    '  holdfast plan --rate 5000 --replicas 20 --profile apache-2.4',
    '  holdfast plan --rate 600 --replicas 1 --policy default --fail-if breaks',
    '  holdfast plan --rate 2000 --profile idleTimeoutMs=5s,hint=never \\',
    '    --simulate --arrivals bursts:50',
    '  holdfast plan --rate 100000 --replicas 4000 --profile aws-alb --html plan.html',
    '',
    'Exit code: 0, or 1 if --fail-if says so, or 2 if the options are wrong.',
  ]
}
