import { type Command, defineCommand } from '../cli/command.ts'
import { untilInterrupted } from '../cli/interruption.ts'
import type { Options } from '../cli/option.ts'
import { UsageError } from '../cli/usage-error.ts'
import { AddressProber, MAX_ADDRESSES } from './address-prober.ts'
import { lookUp } from './observing/look-up.ts'
import type { ProbePlan } from './observing/run-probe.ts'
import { readTarget } from './target.ts'

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
    description: 'how long a lookup, a connection or a response may take',
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
  'each-address': {
    kind: 'flag',
    description: `probe each address of the name in turn, at most ${MAX_ADDRESSES}`,
  },
  insecure: { kind: 'flag', description: 'probe although the certificate is not trusted' },
  json: { kind: 'flag', description: 'print the whole result as JSON' },
} as const satisfies Options

export const probe: Command = defineCommand({
  summary: 'what a live server does to connections, and the policy for it',
  options: OPTIONS,
  takesOperands: true,
  help,
  run: async ({ options, operands }, terminal) => {
    const [url, surplus] = operands
    if (url === undefined) throw new UsageError('probe needs a URL: holdfast probe http://…')
    if (surplus !== undefined) throw new UsageError(`probe takes one URL, got also '${surplus}'`)
    const target = readTarget(url, options)
    const plan: ProbePlan = {
      maxWaitMs: options['max-wait'],
      maxRequests: options['max-requests'],
      requestsPerSecond: options.rate,
    }
    const code = await untilInterrupted(terminal.out.gone, async (interruption) => {
      const addresses = await lookUp(target, interruption)
      const task = { target, addresses, plan, json: options.json }
      const prober = new AddressProber(task, terminal, interruption)
      const probed = options['each-address'] ? prober.probeEach() : prober.probeFirst()
      const failures = await probed
      if (interruption.aborted) return INTERRUPTED
      return failures === 0 ? 0 : 1
    })
    if (code !== undefined) return code
    terminal.err.writeLines(['interrupted before anything was known'])
    return INTERRUPTED
  },
})

function help(options: readonly string[]): string[] {
  return [
    'holdfast probe URL [OPTIONS]',
    '',
    'Asks a live server how long it keeps idle connections, how many requests it',
    'takes on one, what it announces and whether that is true, and how it closes.',
    'Prints the policy for it. A few connections and requests at a low rate are all',
    'that the server sees. If a name has several addresses, all connections go to the',
    'first that takes one; with --each-address each is probed, one after the other.',
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
    '  holdfast probe https://service.example/health --each-address',
    '',
    'Exit code: 0 if the server was probed, 1 if it, or one of its addresses, could',
    'not be, 2 if the options are wrong, 130 if it was interrupted; what was known by',
    'then is printed.',
  ]
}
