import type { BenchResult, Block, Run, Scenario } from '../bench/bench-result.ts'
import { COMPILED_AFTER } from '../bench/method/compiled-after.ts'
import { formatCount } from '../forms/format.ts'
import { MAIN_METRICS, METRIC_TITLES } from './metric-titles.ts'

/** Method of a run and the meaning of its figures, in sentences. */
export function describeMethod({
  scenario,
  upstream,
  stoppingRule,
  blocks,
  summary,
  waking,
  closeRace,
}: Run): string[] {
  const forks = new Set(blocks.map(({ fork }) => fork)).size
  const warmUpBlocks = blocks.filter((block) => block.warmUp).length
  const coverage = Math.min(1, ...summary.comparisons.map((each) => each.coverage))
  const metric = MAIN_METRICS[scenario.workload.kind]
  const floor = summary.noiseFloor[metric]
  const kernelIsKnown = summary.participants.some((each) => each.kernelConnections !== null)
  return [
    `${describeScenario(scenario)}, against ${upstream.software}; ${stoppingRule} of about ${scenario.sliceMs} ms per variant, in ${forks === 1 ? 'one process' : `${forks} processes one after the other`}, each after ${warmUpBlocks / Math.max(1, forks)} to warm up; seed ${scenario.seed}`,
    `times: medians over the blocks, [intervals] cover the true median with ${(coverage * 100).toFixed(1)}%; counts: the whole run`,
    ...coldNote(scenario, blocks, waking),
    floor === null
      ? 'noise floor not known, so nothing is claimed: at least 6 valid blocks are needed'
      : `noise floor of the ${METRIC_TITLES[metric]}: ${((floor - 1) * 100).toFixed(1)}%; nothing within it is claimed`,
    ...(closeRace === null
      ? []
      : [
          `lost to closing connections: ${closeRace.connections} connections of each variant, all at once, used again just as a Node upstream closes them after ${closeRace.idleMs} ms`,
        ]),
    ...(kernelIsKnown
      ? []
      : ['the kernel cannot be asked here: connections as the upstream saw them']),
  ]
}

/** Warning that clients were measured before V8 had compiled them. */
function coldNote(scenario: Scenario, blocks: readonly Block[], waking: number): string[] {
  const { participants, workload } = scenario
  if (MAIN_METRICS[workload.kind] === 'memoryPerConnection') return []
  const served = participants.map(({ id }) => {
    const slices = blocks.filter((block) => block.warmUp && block.fork === 0)
    const requests = slices.flatMap((block) =>
      block.slices.filter(({ participant }) => participant === id).map((slice) => slice.requests),
    )
    return waking + requests.reduce((sum, count) => sum + count, 0)
  })
  const fewest = Math.min(...served)
  if (fewest >= COMPILED_AFTER) return []
  return [
    `cold: a client had served ${formatCount(fewest)} requests before it was measured, V8 compiles it after some ${formatCount(COMPILED_AFTER)}: its CPU figures may be those of a start`,
  ]
}

/** Scenario in a few words, without what is as usual. */
export function describeScenario(scenario: Scenario): string {
  const { path, connections, method, bodyBytes, origins, tls, middleboxIdleSeconds } = scenario
  const { kind, ...options } = scenario.workload
  const settings = Object.entries(options).map(([key, value]) => `${key} ${value}`)
  return [
    `${path} path`,
    ...(kind === 'closed' ? [] : [[`${kind} workload`, ...settings].join(' ')]),
    `${connections} at a time`,
    ...(method === 'GET' ? [] : [`${method} of ${bodyBytes} bytes`]),
    ...(tls ? ['TLS'] : []),
    ...(origins === 1 ? [] : [`${origins} origins`]),
    ...(middleboxIdleSeconds === null
      ? []
      : [`a middlebox that forgets after ${middleboxIdleSeconds} s`]),
  ].join(', ')
}

/** Machine and settings of a result, in sentences. */
export function describeCircumstances(result: BenchResult): string[] {
  const { machine, pinning, version, isolation } = result
  const { loadAverage, sysctls } = machine
  const known = Object.entries(sysctls).filter(([, value]) => value !== null)
  return [
    ...(isolation.isolated ? ['in a network namespace of its own'] : []),
    pinning.pinned
      ? `client on cpu ${pinning.clientCpu}, everything else on cpu ${pinning.otherCpu}`
      : `not pinned to CPUs: ${pinning.reason}`,
    `holdfast ${version}, Node ${machine.nodeVersion}, ${machine.kernel}, ${machine.cores} x ${machine.cpuModel}, load ${loadAverage.map((load) => load.toFixed(2)).join(' ')}`,
    ...(known.length === 0 ? [] : [known.map(([name, value]) => `${name} ${value}`).join(', ')]),
  ]
}

/** Remarks on slices: the first few, and the number of the others. */
export function describeRemarks(run: Run, kind: 'problems' | 'warnings', most: number): string[] {
  const label = kind === 'problems' ? 'INVALID' : 'note:'
  const all = run.blocks.flatMap(({ index, slices }) =>
    slices.flatMap((slice) =>
      slice[kind].map((remark) => `${label} block ${index + 1}, ${slice.participant}: ${remark}`),
    ),
  )
  const hidden = all.length - most
  return hidden > 0 ? [...all.slice(0, most), `${label} ${hidden} more in --json`] : all
}
