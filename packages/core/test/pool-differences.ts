import type { OriginStats, PoolStats } from '../src/connection/stats.ts'
import type { Pool } from '../src/pool.ts'
import type { TestConnection } from './recording-effects.ts'
import type { ReferenceConnection } from './reference-connection.ts'
import type { ReferencePool } from './reference-pool.ts'
import {
  isSureOfReplay,
  isWhole,
  type ReferenceRequest,
  stateNameOf,
  wasSentAgain,
} from './reference-request.ts'
import type { TestRequest } from './test-request.ts'

/** A connection as the pool has it and as the reference has it. */
export interface ConnectionPair {
  readonly actual: TestConnection
  readonly expected: ReferenceConnection
}

/** The same of a request. */
export interface RequestPair {
  readonly actual: TestRequest
  readonly expected: ReferenceRequest
}

type Difference = string | undefined

const differ = (what: string, actual: unknown, expected: unknown): Difference =>
  Object.is(actual, expected) ? undefined : `${what} is ${actual}, must be ${expected}`

export const differenceOfConnections = (
  pairs: readonly ConnectionPair[],
  reference: ReferencePool,
): Difference => {
  for (const { actual, expected } of pairs) {
    const waiter = expected.state === 'closed' ? undefined : reference.waiterOf(expected)
    const difference =
      differ('state', actual.stateName, expected.state) ??
      differ('requestCount', actual.requestCount, expected.served.length) ??
      differ('closeReason', actual.closeReason, expected.closeReason) ??
      differ('waiter', actual.waiter?.request.name, waiter?.request.name)
    if (difference !== undefined) return `connection ${actual.id}: ${difference}`
  }
  return undefined
}

export const differenceOfRequests = (
  pairs: readonly RequestPair[],
  { options }: ReferencePool,
): Difference => {
  for (const { actual, expected } of pairs) {
    const isSure = isSureOfReplay(expected, options.policy.replay)
    const difference =
      differ('state', actual.stateName, stateNameOf(expected)) ??
      differ('isReplayable', actual.isReplayable, isSure) ??
      differ('isResent', actual.isResent, wasSentAgain(expected)) ??
      differ('isComplete', actual.isComplete, isWhole(expected))
    if (difference !== undefined) return `${actual}: ${difference}`
  }
  return undefined
}

export const differenceOfOrigins = (
  pool: Pool<undefined, TestRequest>,
  { connections, origins }: ReferencePool,
): Difference =>
  differ('openCount', pool.openCount, connections.length) ??
  differ('isEmpty', pool.isEmpty, origins.length === 0) ??
  differ('origins', [...pool.origins.keys()].join(), origins.map(({ key }) => key).join())

const COUNTS = [
  'connecting',
  'idle',
  'leased',
  'draining',
  'closing',
  'lingering',
  'waiting',
  'queued',
  'dials',
  'dialFailures',
  'leases',
  'reuses',
  'waits',
  'rejections',
  'replays',
  'moves',
  'failures',
] as const satisfies readonly (keyof OriginStats)[]

const differenceOfCounts = (
  what: string,
  actual: OriginStats,
  expected: OriginStats,
): Difference => {
  for (const name of COUNTS) {
    if (actual[name] !== expected[name]) {
      return differ(`${what}: ${name}`, actual[name], expected[name])
    }
  }
  return (
    differenceByName(what, actual.closes, expected.closes) ??
    differenceByName(what, actual.rejectionsByCode, expected.rejectionsByCode)
  )
}

const differenceByName = (
  what: string,
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): Difference => {
  const names = Object.keys(expected)
  for (const name of names) {
    if (actual[name] !== expected[name]) {
      return differ(`${what}: ${name}`, actual[name], expected[name])
    }
  }
  return differ(`${what}: names`, Object.keys(actual).length, names.length)
}

export const differenceOfStats = (actual: PoolStats, expected: PoolStats): Difference => {
  const keys = Object.keys(expected.origins)
  for (const key of keys) {
    const counts = expected.origins[key]
    const own = actual.origins[key]
    const difference =
      own === undefined || counts === undefined
        ? `stats leave out ${key}`
        : differenceOfCounts(key, own, counts)
    if (difference !== undefined) return difference
  }
  return (
    differ('origins in stats', Object.keys(actual.origins).length, keys.length) ??
    differenceOfCounts('all', actual, expected)
  )
}

const idOf = (entry: string): number => Number(entry.split(' ')[1]?.replace(':', ''))

/**
 * Connections with one and the same deadline expire in any order: brings the closes of those into
 * the order of their ids.
 */
export const inOrderOfIds = (
  log: readonly string[],
  connections: ReadonlyMap<number, TestConnection>,
): string[] => {
  const isExpiry = (entry: string): boolean =>
    entry.startsWith('close ') && !entry.endsWith('trimmed') && !entry.endsWith('evicted')
  const end = log.findIndex((entry) => !isExpiry(entry))
  const closes = end === -1 ? [...log] : log.slice(0, end)
  const others = log.slice(closes.length)
  const deadlineOf = (entry: string): number => connections.get(idOf(entry))?.expiresAtMs ?? 0
  const isInOrder = closes.every(
    (entry, index) => index === 0 || deadlineOf(entry) >= deadlineOf(closes[index - 1] ?? entry),
  )
  if (!isInOrder) return [...log]
  closes.sort((one, other) => deadlineOf(one) - deadlineOf(other) || idOf(one) - idOf(other))
  return [...closes, ...others]
}

/**
 * The log with the closes of connections that lingered in the order of their ids: the order in which
 * waits end that are over at one instant is nobody's business.
 */
export const inOrderOfWaits = (
  log: readonly string[],
  lingering: ReadonlySet<number>,
): string[] => {
  const isOfWait = (entry: string | undefined): boolean =>
    entry?.startsWith('close ') === true && lingering.has(idOf(entry))
  const ordered = [...log]
  let start = 0
  while (start < ordered.length) {
    let end = start
    while (isOfWait(ordered[end])) end++
    const waits = ordered.slice(start, end)
    waits.sort((one, other) => idOf(one) - idOf(other))
    ordered.splice(start, waits.length, ...waits)
    start = end + 1
  }
  return ordered
}

/**
 * The log with what was asked of connections in use, and what came of it, in the order of their ids: the
 * order in which connections are asked that are due at one instant is nobody's business.
 */
export const inOrderOfAsks = (log: readonly string[]): string[] => {
  const isOfAsk = (entry: string): boolean => {
    const [, id] = /^(?:ask|close) (\d+)/u.exec(entry) ?? []
    return id !== undefined && log.includes(`ask ${id}`)
  }
  const start = log.findIndex((entry) => entry.startsWith('ask '))
  if (start === -1) return [...log]
  const length = log.slice(start).findIndex((entry) => !isOfAsk(entry))
  const end = length === -1 ? log.length : start + length
  const asks = log.slice(start, end).toSorted((one, other) => idOf(one) - idOf(other))
  return [...log.slice(0, start), ...asks, ...log.slice(end)]
}
