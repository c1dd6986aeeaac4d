import { randomInt } from 'node:crypto'
import process from 'node:process'
import { describeOptions, type OptionSpecs, parseOptions } from '../command-line.ts'
import { runBlocks, WARM_UP_BLOCKS } from '../experiment/run-blocks.ts'
import { participantsOf } from '../method/participants.ts'
import { packageVersion } from '../package-version.ts'
import {
  BENCH_SCHEMA,
  type BenchOptions,
  type BenchRecord,
  type BenchResult,
} from '../report/bench-result.ts'
import { Progress } from '../report/progress.ts'
import { renderTable } from '../report/render-table.ts'
import { summarize } from '../report/summarize.ts'
import { choosePinning } from '../system/cpu-pinning.ts'
import { describeMachine } from '../system/machine.ts'
import type { TerminalStream } from '../terminal.ts'
import { BASELINE, VARIANT_NAMES, VARIANTS } from '../variants.ts'
import type { Command } from './command.ts'

const SEEDS = 2 ** 32

const OPTIONS = {
  variant: {
    kind: 'choices',
    description: `agent to measure, may be repeated; ${BASELINE} always takes part`,
    choices: VARIANT_NAMES,
  },
  path: {
    kind: 'choice',
    description: 'gateway: a service that calls its upstream; direct: the agent alone',
    choices: ['gateway', 'direct'],
    default: 'gateway',
  },
  connections: {
    kind: 'integer',
    description: 'requests in progress at any time',
    default: 50,
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
    const { variant: variants, path, connections, blocks, 'slice-ms': sliceMs, seed } = values
    const options = { variants, path, connections, blocks, sliceMs, seed }
    const record = await untilInterrupted((signal) => measure(options, err, signal))
    if (record === undefined) {
      err.write('interrupted\n')
      return 130
    }
    const result: BenchResult = { ...record, summary: summarize(record) }
    out.write(values.json ? `${JSON.stringify(result, undefined, 2)}\n` : renderTable(result))
    return result.summary.invalidSlices === 0 ? 0 : 1
  },
}

async function measure(
  options: BenchOptions,
  err: TerminalStream,
  signal: AbortSignal,
): Promise<BenchRecord> {
  const startedAt = new Date().toISOString()
  const machine = describeMachine()
  const pinning = choosePinning()
  const progress = new Progress(err, {
    blocks: WARM_UP_BLOCKS + options.blocks,
    slicesPerBlock: participantsOf(options.variants).length,
  })
  err.write(`seed ${options.seed}\n`)
  try {
    return {
      schema: BENCH_SCHEMA,
      version: packageVersion(),
      startedAt,
      machine,
      pinning,
      options,
      stoppingRule: `blocks, fixed in advance: ${options.blocks}`,
      blocks: await runBlocks(options, pinning, progress, signal),
    }
  } finally {
    err.clearLive()
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
    ...VARIANT_NAMES.map((name) => `  ${name.padEnd(16)}${VARIANTS[name].description}`),
    '',
    'Examples:',
    '  holdfast bench',
    '  holdfast bench --variant short --connections 10',
    '  holdfast bench --path direct --variant agentkeepalive --blocks 20',
    '  holdfast bench --json > result.json',
    '',
    'Exit code: 0 if all counts agree, 1 if a slice is invalid or the run failed, 2 if the options',
    'are wrong, 130 if it was interrupted.',
  ].join('\n')}\n`
}
