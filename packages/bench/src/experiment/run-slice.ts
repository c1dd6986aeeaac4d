import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { judgeSlice } from '../method/judge-slice.ts'
import type { Scenario, Slice } from '../report/bench-result.ts'
import { youngTimeWaits } from '../system/connection-states.ts'
import { countedBetween, readTcpCounters, type TcpCounters } from '../system/tcp-counters.ts'
import { readTcpTable } from '../system/tcp-table.ts'
import type { UpstreamCounts } from '../upstreams/upstream-server.ts'
import { ANSWER_TIMEOUT_MS, type Contestant, type Crew } from './crew.ts'

/** For the last connections of a slice to finish closing, so that they are seen in TIME_WAIT. */
const SETTLE_MS = 25

/** Lets one contestant make `requests` requests, and counts them from every side. */
export async function runSlice(
  crew: Crew,
  contestant: Contestant,
  requests: number,
  { path, sliceMs }: Scenario,
): Promise<Slice> {
  const { participant, client, ports } = contestant
  const startedMs = performance.now()
  const before = await countConnections(crew, contestant)
  await client.ask({ kind: 'begin-slice' }, ANSWER_TIMEOUT_MS)
  const load = await crew.load(contestant, requests, ANSWER_TIMEOUT_MS + 10 * sliceMs)
  const cost = await client.ask({ kind: 'end-slice' }, ANSWER_TIMEOUT_MS)
  await sleep(SETTLE_MS)
  const after = await countConnections(crew, contestant)
  const upstream = {
    requests: after.requests - before.requests,
    connections: after.connections - before.connections,
  }
  const kernel = countedBetween(before.kernel, after.kernel)
  const kernelConnections = kernel === null ? null : kernel.activeOpens - cost.connectionsAccepted
  const table = readTcpTable()
  const { completed, failed, non2xx, elapsedMs, latency } = load
  const { cpuUserUs, cpuSystemUs, eventLoopUtilization, connectionsAccepted } = cost
  return {
    participant: participant.id,
    requests,
    completed,
    failed,
    non2xx,
    elapsedMs,
    latency,
    cpuUserUs,
    cpuSystemUs,
    eventLoopUtilization,
    errors: path === 'direct' ? load.errors : cost.errors,
    loadErrors: path === 'direct' ? {} : load.errors,
    upstream,
    loadConnections: connectionsAccepted,
    kernel,
    kernelConnections,
    timeWaits:
      table === null ? null : youngTimeWaits(table, new Set(ports), performance.now() - startedMs),
    ...judgeSlice({ requests, completed, non2xx, upstream, kernelConnections }),
  }
}

interface ConnectionCounts extends UpstreamCounts {
  readonly kernel: TcpCounters | null
}

/** The upstream's word and the kernel's, as close together as can be. */
async function countConnections(crew: Crew, contestant: Contestant): Promise<ConnectionCounts> {
  const { requests, connections } = await crew.countsOf(contestant)
  return { requests, connections, kernel: readTcpCounters() }
}
