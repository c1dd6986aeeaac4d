import process from 'node:process'
import { type Command, defineCommand } from '../cli/command.ts'
import { parseOptions } from '../cli/command-line.ts'
import { untilInterrupted } from '../cli/interruption.ts'
import { checkedOutCommit, measuredVersions, packageVersion } from '../cli/provenance.ts'
import type { Terminal, TerminalStream } from '../cli/terminal.ts'
import { UsageError } from '../cli/usage-error.ts'
import { checkForms, writeForms } from '../forms/result-forms.ts'
import { measureBusyShare } from '../linux/busy-share.ts'
import { choosePinning } from '../linux/cpu-pinning.ts'
import { currentIsolation, type Isolation, planIsolation } from '../linux/isolation.ts'
import { describeMachine } from '../linux/machine.ts'
import { runIsolated } from '../linux/run-isolated.ts'
import { applySysctls, parseSysctl } from '../linux/sysctls.ts'
import { benchForms } from '../report/bench-forms.ts'
import { failureOf, parseThreshold, type Threshold } from '../report/fail-if.ts'
import { withConfig } from './bench-config.ts'
import { benchHelp } from './bench-help.ts'
import { BENCH_OPTIONS, type BenchOptions } from './bench-options.ts'
import { BENCH_SCHEMA, type BenchResult, type Run, type Scenario } from './bench-result.ts'
import { scenariosOf } from './bench-scenarios.ts'
import { blockCountOf } from './experiment/measure-blocks.ts'
import { runScenario } from './experiment/run-scenario.ts'
import { summarize } from './method/summarize.ts'
import { noiseOf } from './noise.ts'
import { Progress } from './progress.ts'

export const bench: Command = defineCommand({
  summary: 'short against long connections, and agents side by side',
  options: BENCH_OPTIONS,
  help: benchHelp,
  run: async ({ options: { config }, args }, terminal) => {
    const options = parseOptions(BENCH_OPTIONS, withConfig(args, config))
    checkForms(options)
    const scenarios = scenariosOf(options)
    const participants = scenarios[0]?.participants.map(({ id }) => id) ?? []
    const thresholds = options['fail-if'].map((text) => parseThreshold(text, participants))
    for (const text of options.sysctl) parseSysctl(text)
    const where = whereToRun(options, scenarios)
    if ('command' in where) return await runIsolated(where, process.argv.slice(2))
    return await runHere(options, { scenarios, thresholds, isolation: where }, terminal)
  },
})

/**
 * Namespaces that are still to be made, or those of this process.
 *
 * @throws UsageError where namespaces are needed and the system has none
 */
function whereToRun(
  options: BenchOptions,
  scenarios: readonly Scenario[],
): Isolation | Exclude<ReturnType<typeof planIsolation>, { readonly reason: string }> {
  const current = currentIsolation()
  if (current !== undefined) return current
  if (options.isolation === 'none') return { isolated: false, reason: 'it was not wanted' }
  if (scenarios.some(({ upstream }) => upstream.kind === 'url')) {
    return { isolated: false, reason: 'the upstream is outside' }
  }
  const plan = planIsolation()
  if ('command' in plan) return plan
  const needed =
    options.isolation === 'require' ||
    options.sysctl.length > 0 ||
    options['middlebox-idle'] !== undefined
  if (needed) throw new UsageError(plan.reason)
  return { isolated: false, reason: plan.reason }
}

interface Plan {
  readonly scenarios: readonly Scenario[]
  readonly thresholds: readonly Threshold[]
  readonly isolation: Isolation
}

async function runHere(
  options: BenchOptions,
  { scenarios, thresholds, isolation }: Plan,
  { out, err }: Terminal,
): Promise<number> {
  applySysctls(options.sysctl)
  const result = await untilInterrupted(out.gone, (signal) =>
    measure({ scenarios, isolation, refuseNoise: options['refuse-noise'] }, err, signal),
  )
  if (result === undefined) {
    err.writeLines(['interrupted'])
    return 130
  }
  writeForms(benchForms(result), options, out)
  const failures = thresholds.flatMap((threshold) =>
    result.runs.flatMap((run) => failureOf(run, threshold) ?? []),
  )
  err.writeLines(failures.map((failure) => `failed at ${failure}`))
  const tooNoisy = options['refuse-noise'] && result.runs.some((run) => noiseOf(run) !== undefined)
  const isInvalid = result.runs.some(({ summary }) => summary.invalidSlices > 0)
  return isInvalid || tooNoisy || failures.length > 0 ? 1 : 0
}

interface Work {
  readonly scenarios: readonly Scenario[]
  readonly isolation: Isolation
  readonly refuseNoise: boolean
}

async function measure(
  { scenarios, isolation, refuseNoise }: Work,
  err: TerminalStream,
  signal: AbortSignal,
): Promise<BenchResult> {
  const startedAt = new Date().toISOString()
  const machine = describeMachine()
  const pinning = choosePinning()
  const busyShare = await measureBusyShare()
  const busy = busyNote(busyShare)
  if (busy !== undefined && refuseNoise) throw new Error(busy)
  const notIsolated = isolation.isolated ? [] : [`not isolated: ${isolation.reason}`]
  const warnings = [...notIsolated, ...(busy === undefined ? [] : [busy])]
  err.writeLines(warnings)
  const runs: Run[] = []
  for (const scenario of scenarios) {
    err.writeLines([`${scenario.connections} connections, seed ${scenario.seed}`])
    const progress = new Progress(err, {
      blocks: blockCountOf(scenario),
      slicesPerBlock: scenario.participants.length,
    })
    try {
      const record = await runScenario(scenario, { pinning, isolation }, progress, signal)
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
    isolation,
    busyShare,
    warnings: [...warnings, ...runs.flatMap((run) => noiseOf(run) ?? [])],
    runs,
  }
}

/** Share of all CPUs used by others above which figures are doubtful. */
const MAX_BUSY_SHARE = 0.2

function busyNote(busyShare: number | null): string | undefined {
  if (busyShare === null || busyShare <= MAX_BUSY_SHARE) return
  return `other programs use ${(busyShare * 100).toFixed(0)}% of the CPUs: expect noise`
}
