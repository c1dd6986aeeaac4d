import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { youngTimeWaits } from '../../linux/connection-states.ts'
import { countedBetween, readTcpCounters, type TcpCounters } from '../../linux/tcp-counters.ts'
import { readTcpTable } from '../../linux/tcp-table.ts'
import type { Slice } from '../bench-result.ts'
import { judgeSlice, type SliceJudgement } from '../method/judge-slice.ts'
import type { ReplyTo } from '../roles/messages.ts'
import type { UpstreamCounts } from '../upstreams/upstream-server.ts'
import type { RunContext } from './run-context.ts'
import { ANSWER_TIMEOUT_MS, type Candidate } from './workers.ts'

/** Time in which the last connections of a slice finish closing, so that they show in TIME_WAIT. */
const SETTLE_MS = 25

/** Recounts while witnesses disagree, since one may not have seen the last events. */
const RECOUNTS = 10

/** Lets one candidate make `requests` requests, and counts them from every side. */
export async function runSlice(
  context: RunContext,
  candidate: Candidate,
  requests: number,
): Promise<Slice> {
  const { workers, scenario } = context
  const { participant, client, ports } = candidate
  const startedMs = performance.now()
  const before = await readWitnesses(context, candidate)
  await client.ask({ kind: 'begin-slice' }, ANSWER_TIMEOUT_MS)
  const load = await workers.load(candidate, requests)
  const cost = await client.ask({ kind: 'end-slice' }, ANSWER_TIMEOUT_MS)
  const { judgement, ...counts } = await agreeing(context, candidate, {
    requests,
    before,
    load,
    cost,
  })
  const table = readTcpTable()
  const { completed, failed, non2xx, elapsedMs, latency, bytesPerConnection } = load
  const { cpuUserUs, cpuSystemUs, eventLoopUtilization, connectionsAccepted } = cost
  const isDirect = scenario.path === 'direct'
  return {
    participant: participant.id,
    requests,
    completed,
    failed,
    lost: isDirect ? failed : lostBehindGateway(load, cost),
    non2xx,
    elapsedMs,
    latency,
    cpuUserUs,
    cpuSystemUs,
    eventLoopUtilization,
    bytesPerConnection,
    errors: isDirect ? load.errors : cost.errors,
    loadErrors: isDirect ? {} : load.errors,
    loadConnections: connectionsAccepted,
    ...counts,
    timeWaits:
      table === null ? null : youngTimeWaits(table, new Set(ports), performance.now() - startedMs),
    ...judgement,
  }
}

/**
 * Requests that the client lost: every error of its own, whether the caller got a 502 or half an
 * answer, and what the load generator never heard of again.
 */
function lostBehindGateway({ failed }: ReplyTo<'load'>, cost: ReplyTo<'end-slice'>): number {
  const errors = Object.values(cost.errors).reduce((sum, count) => sum + count, 0)
  return errors + Math.max(0, failed - cost.brokenAnswers)
}

/** Counts of the upstream and of the kernel. */
interface Witnesses {
  readonly upstream: UpstreamCounts | null
  readonly kernel: TcpCounters | null
}

async function readWitnesses({ workers }: RunContext, candidate: Candidate): Promise<Witnesses> {
  return { upstream: await workers.countsOf(candidate), kernel: readTcpCounters() }
}

interface Outcome {
  readonly requests: number
  readonly before: Witnesses
  readonly load: ReplyTo<'load'>
  readonly cost: ReplyTo<'end-slice'>
}

interface Counts extends Witnesses {
  readonly kernelConnections: number | null
  readonly judgement: SliceJudgement
}

/** Counts since `before`, as soon as the witnesses agree, or after the last recount. */
async function agreeing(
  context: RunContext,
  candidate: Candidate,
  outcome: Outcome,
): Promise<Counts> {
  const { requests, before, load, cost } = outcome
  const { scenario, isolation, upstream: description } = context
  const expectations = {
    mayFail: scenario.mayFail,
    isAlone: isolation.isolated,
    countsUnused: description.countsUnused,
  }
  for (let attempt = 1; ; attempt++) {
    await sleep(SETTLE_MS)
    const after = await readWitnesses(context, candidate)
    const kernel = countedBetween(before.kernel, after.kernel)
    const counts = {
      upstream: upstreamCountedBetween(before.upstream, after.upstream),
      kernel,
      kernelConnections: kernel === null ? null : kernel.activeOpens - cost.connectionsAccepted,
    }
    const judgement = judgeSlice({ requests, ...load, ...counts }, expectations)
    const agree = judgement.problems.length + judgement.warnings.length === 0
    if (agree || attempt === RECOUNTS) return { ...counts, judgement }
  }
}

function upstreamCountedBetween(
  before: UpstreamCounts | null,
  after: UpstreamCounts | null,
): UpstreamCounts | null {
  if (before === null || after === null) return null
  return {
    requests: after.requests - before.requests,
    connections: after.connections - before.connections,
  }
}
