import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { judgeSlice } from '../method/judge-slice.ts'
import type { Scenario, Slice } from '../report/bench-result.ts'
import { readActiveOpens, readTimeWaits } from '../system/linux-tcp.ts'
import type { RoleProcess } from '../system/role-process.ts'
import type { Contestant } from './crew.ts'

/** For the last connections of a slice to finish closing, so that they are seen in TIME_WAIT. */
const SETTLE_MS = 25

/** Questions that are answered from memory. */
const ANSWER_TIMEOUT_MS = 10_000

/** Lets one contestant make `requests` requests, and counts them from every side. */
export async function runSlice(
  upstreamRole: RoleProcess,
  contestant: Contestant,
  requests: number,
  { connections, sliceMs }: Scenario,
): Promise<Slice> {
  const { participant, client, loader, upstreamIndex, upstreamPort, loadPort } = contestant
  const isOwnLoader = loader === client
  const startedMs = performance.now()
  const before = await countConnections(upstreamRole, upstreamIndex)
  await client.ask({ kind: 'begin-slice' }, ANSWER_TIMEOUT_MS)
  const load = await loader.ask(
    { kind: 'load', port: loadPort, concurrency: connections, amount: requests },
    ANSWER_TIMEOUT_MS + 10 * sliceMs,
  )
  const cost = await client.ask({ kind: 'end-slice' }, ANSWER_TIMEOUT_MS)
  await sleep(SETTLE_MS)
  const after = await countConnections(upstreamRole, upstreamIndex)
  const upstream = {
    requests: after.requests - before.requests,
    connections: after.connections - before.connections,
  }
  const kernelConnections =
    after.activeOpens === null || before.activeOpens === null
      ? null
      : after.activeOpens - before.activeOpens - cost.connectionsAccepted
  const { completed, failed, non2xx, elapsedMs, latency } = load
  return {
    participant: participant.id,
    requests,
    completed,
    failed,
    non2xx,
    elapsedMs,
    latency,
    cpuUserUs: cost.cpuUserUs,
    cpuSystemUs: cost.cpuSystemUs,
    errors: isOwnLoader ? load.errors : cost.errors,
    loadErrors: isOwnLoader ? {} : load.errors,
    upstream,
    loadConnections: cost.connectionsAccepted,
    kernelConnections,
    timeWaits: readTimeWaits(upstreamPort, performance.now() - startedMs),
    ...judgeSlice({ requests, completed, non2xx, upstream, kernelConnections }),
  }
}

interface ConnectionCounts {
  readonly requests: number
  readonly connections: number
  readonly activeOpens: number | null
}

/** The upstream's word and the kernel's, as close together as can be. */
async function countConnections(
  upstreamRole: RoleProcess,
  index: number,
): Promise<ConnectionCounts> {
  const { requests, connections } = await upstreamRole.ask(
    { kind: 'count', index },
    ANSWER_TIMEOUT_MS,
  )
  return { requests, connections, activeOpens: readActiveOpens() }
}
