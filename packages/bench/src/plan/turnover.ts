import type { IdleEnd } from './idle-end.ts'
import type { PlanCase } from './plan-input.ts'
import { type PoolOccupancy, poolOccupancy, type RequestStream } from './pool-occupancy.ts'

/** Each round halves what is left of the difference. */
const ROUNDS = 8

/** Connections of one pool that are opened, and so closed, per second. */
export interface Flows {
  readonly opensPerSecond: number
  /** Those that the client closes first, and keeps TIME_WAIT of. */
  readonly clientFirstPerSecond: number
  readonly upstreamFirstPerSecond: number
}

/**
 * What a pool holds, and what goes through it. Exact where connections end for being idle alone.
 *
 * Caps and ages take connections that are in use, so that a pool loses one every so often, and gets
 * another one only where it lacks it: as if the idle timeout were so much shorter. What is lost so,
 * and what expires, partly stand for each other; their root of squares fits what the real pool does
 * in simulations, mostly within a tenth and always within a fifth.
 */
export function turnoverOf(
  each: PlanCase,
  stream: Omit<RequestStream, 'idleTimeoutMs'>,
  idleEnd: IdleEnd,
): { readonly occupancy: PoolOccupancy; readonly flows: Flows } {
  const idle = poolOccupancy({ ...stream, idleTimeoutMs: idleEnd.afterMs })
  const idlePerSecond = idleEnd.why === 'max_requests' ? 0 : idle.opensPerSecond
  const rotationAt = (open: number): Rotation => rotationOf(each, stream.requestsPerSecond, open)
  let occupancy = idle
  let connections = idle.meanConnections
  for (let round = 0; round < ROUNDS; round++) {
    const lostPerMs = rotationAt(connections).perSecond / 1000
    if (lostPerMs === 0) break
    occupancy = poolOccupancy({ ...stream, idleTimeoutMs: 1 / (1 / idleEnd.afterMs + lostPerMs) })
    connections = (connections + occupancy.meanConnections) / 2
  }
  const rotation = rotationAt(connections)
  const opensPerSecond = Math.min(
    stream.requestsPerSecond,
    Math.hypot(rotation.perSecond, idlePerSecond),
  )
  return { occupancy, flows: flowsOf(each, idleEnd, opensPerSecond, rotation) }
}

interface Rotation {
  readonly perSecond: number
  readonly clientFirstPerSecond: number
  readonly upstreamFirstPerSecond: number
}

/** Connections that end after so many requests, or at their age, while they are still wanted. */
function rotationOf(
  { planned: { policy }, server }: PlanCase,
  requestsPerSecond: number,
  connections: number,
): Rotation {
  const { maxRequestsPerConnection, maxConnectionAgeMs, connectionAgeJitter, closeMode } = policy
  const requests = Math.min(maxRequestsPerConnection, server.maxRequests)
  const byRequests = requestsPerSecond / requests
  const meanAgeMs = maxConnectionAgeMs * (1 - connectionAgeJitter / 2)
  const byAge = requests === 1 ? 0 : (connections * 1000) / meanAgeMs
  const isServersCap = server.maxRequests < maxRequestsPerConnection
  // The peer closes first after a last request that it knows of; whoever closes at once is first.
  const fromClient = (isServersCap ? 0 : byRequests) + byAge
  // A connection ends but once: the busy ones by their requests, the others by their age.
  const perSecond = Math.hypot(byRequests, byAge)
  const scale = perSecond / (byRequests + byAge || 1)
  return {
    perSecond,
    clientFirstPerSecond: closeMode === 'fin' ? scale * fromClient : 0,
    upstreamFirstPerSecond:
      scale * ((isServersCap ? byRequests : 0) + (closeMode === 'peer-first' ? fromClient : 0)),
  }
}

function flowsOf(
  { planned, server }: PlanCase,
  idleEnd: IdleEnd,
  opensPerSecond: number,
  rotation: Rotation,
): Flows {
  const expiresPerSecond = Math.max(0, opensPerSecond - rotation.perSecond)
  const isClients = idleEnd.by === 'client' && planned.policy.closeMode !== 'reset'
  const isServers = idleEnd.by === 'server' && server.closes === 'fin'
  // What rotates cannot be more than what is opened.
  const scale = Math.min(1, opensPerSecond / (rotation.perSecond || 1))
  return {
    opensPerSecond,
    clientFirstPerSecond:
      (isClients ? expiresPerSecond : 0) + scale * rotation.clientFirstPerSecond,
    upstreamFirstPerSecond:
      (isServers ? expiresPerSecond : 0) + scale * rotation.upstreamFirstPerSecond,
  }
}
