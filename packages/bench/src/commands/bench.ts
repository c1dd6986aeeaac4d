import { randomInt } from 'node:crypto'
import process from 'node:process'
import {
  describeOptions,
  type OptionSpecs,
  type OptionValues,
  parseOptions,
} from '../command-line.ts'
import { runBlocks, WARM_UP_BLOCKS } from '../experiment/run-blocks.ts'
import { participantsOf } from '../method/participants.ts'
import { checkedOutCommit, measuredVersions, packageVersion } from '../provenance.ts'
import { BENCH_SCHEMA, type BenchResult, type Run, type Scenario } from '../report/bench-result.ts'
import { Progress } from '../report/progress.ts'
import { renderTable } from '../report/render-table.ts'
import { summarize } from '../report/summarize.ts'
import { choosePinning } from '../system/cpu-pinning.ts'
import { describeMachine } from '../system/machine.ts'
import type { TerminalStream } from '../terminal.ts'
import { UPSTREAM_NAMES } from '../upstreams/open-upstream.ts'
import { CLIENTS } from '../variants/clients.ts'
import { parseVariant } from '../variants/parse-variant.ts'
import { DEFAULT_BASELINE } from '../variants/variant.ts'
import type { Command } from './command.ts'

const SEEDS = 2 ** 32

const DEFAULT_VARIANTS = ['short', 'agentkeepalive', 'holdfast']

const OPTIONS = {
  variant: {
    kind: 'texts',
    description: `what to measure; ${DEFAULT_VARIANTS.join(', ')} unless said`,
    placeholder: 'NAME[:KEY=VALUE,…]',
  },
  baseline: {
    kind: 'text',
    description: `what all others are compared with, and what runs twice; ${DEFAULT_BASELINE} unless said`,
    placeholder: 'NAME[:KEY=VALUE,…]',
  },
  path: {
    kind: 'choice',
    description: 'gateway: a service that calls its upstream; direct: the client alone',
    choices: ['gateway', 'direct'],
    default: 'gateway',
  },
  upstream: {
    kind: 'choice',
    description: 'server that is called; nginx has to be installed',
    choices: UPSTREAM_NAMES,
    default: 'node',
  },
  connections: {
    kind: 'integers',
    description: 'requests in progress at any time; a run for each',
    default: [50],
    min: 1,
    max: 5000,
  },
  blocks: {
    kind: 'integer',
    description: 'measured blocks; a claim needs at least 6',
    default: 9,
    min: 1,
    max: 1000,
  },
  'slice-ms': {
    kind: 'integer',
    description: 'time of one variant in one block',
    default: 500,
    min: 20,
    max: 5000,
  },
  'warm-up-ms': {
    kind: 'integer',
    description: 'time of one variant in a block of the warm-up, at least',
    default: 700,
    min: 20,
    max: 10_000,
  },
  'portrait-ms': {
    kind: 'integer',
    description:
      "time in which each variant's connections are watched at the end; 0 for not at all",
    default: 1000,
    min: 0,
    max: 60_000,
  },
  seed: {
    kind: 'integer',
    description: 'determines the order within each block',
    default: randomInt(SEEDS),
    defaultText: 'random',
    min: 0,
    max: SEEDS - 1,
  },
  json: { kind: 'flag', description: 'print the whole result as JSON' },
  help: { kind: 'flag', description: 'print this help' },
} as const satisfies OptionSpecs

export const bench: Command = {
  summary: 'short against long connections, and agents side by side',
  run: async (args, { out, err }) => {
    const values = parseOptions(OPTIONS, args)
    if (values.help) {
      out.write(help())
      return 0
    }
    const scenarios = scenariosOf(values)
    const result = await untilInterrupted((signal) => measure(scenarios, err, signal))
    if (result === undefined) {
      err.write('interrupted\n')
      return 130
    }
    out.write(values.json ? `${JSON.stringify(result, undefined, 2)}\n` : renderTable(result))
    return result.runs.every(({ summary }) => summary.invalidSlices === 0) ? 0 : 1
  },
}

/** One for each number of connections. */
function scenariosOf(values: OptionValues<typeof OPTIONS>): Scenario[] {
  const names = values.variant.length === 0 ? DEFAULT_VARIANTS : values.variant
  const baseline = parseVariant(values.baseline ?? DEFAULT_BASELINE)
  const participants = participantsOf(baseline, names.map(parseVariant))
  const {
    path,
    upstream,
    blocks,
    'slice-ms': sliceMs,
    'warm-up-ms': warmUpMs,
    'portrait-ms': portraitMs,
    seed,
  } = values
  return values.connections.map((connections) => ({
    baseline: baseline.name,
    participants,
    path,
    upstream,
    connections,
    blocks,
    sliceMs,
    warmUpMs,
    portraitMs,
    seed,
  }))
}

async function measure(
  scenarios: readonly Scenario[],
  err: TerminalStream,
  signal: AbortSignal,
): Promise<BenchResult> {
  const startedAt = new Date().toISOString()
  const machine = describeMachine()
  const pinning = choosePinning()
  const runs: Run[] = []
  for (const scenario of scenarios) {
    err.write(`${scenario.connections} connections, seed ${scenario.seed}\n`)
    const progress = new Progress(err, {
      blocks: WARM_UP_BLOCKS + scenario.blocks,
      slicesPerBlock: scenario.participants.length,
    })
    try {
      const record = await runBlocks(scenario, pinning, progress, signal)
      runs.push({ ...record, summary: summarize(record) })
    } finally {
      err.clearLive()
    }
  }
  return {
    schema: BENCH_SCHEMA,
    version: packageVersion(),
    commit: checkedOutCommit(),
    versions: measuredVersions(),
    startedAt,
    machine,
    pinning,
    runs,
  }
}

/** Undefined if the user or the system asked this process to end before the work was done. */
async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const interruption = new AbortController()
  const interrupt = (): void => interruption.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    return await work(interruption.signal)
  } catch (error) {
    if (interruption.signal.aborted) return
    throw error
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

function help(): string {
  return `${[
    'holdfast bench [OPTIONS]',
    '',
    'Measures on this machine, in about half a minute, what long connections are worth. A load',
    'generator calls a service, and the service calls its upstream through the agent under test.',
    '',
    'Options:',
    ...describeOptions(OPTIONS),
    '',
    'Variants:',
    ...Array.from(CLIENTS, ([name, { description }]) => `  ${name.padEnd(16)}${description}`),
    '',
    'Examples:',
    '  holdfast bench',
    '  holdfast bench --variant short --connections 10',
    '  holdfast bench --path direct --upstream nginx --connections 10,50,1000 --variant holdfast',
    "  holdfast bench --variant 'holdfast:idleTimeoutMs=1000,maxRequestsPerConnection=100'",
    '  holdfast bench --json > result.json',
    '',
    'Exit code: 0 if all counts agree, 1 if a slice is invalid or the run failed, 2 if the options',
    'are wrong, 130 if it was interrupted.',
  ].join('\n')}\n`
}
