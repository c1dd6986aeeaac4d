import type { OriginStats, PoolStats } from '../src/connection/stats.ts'
import {
  isConnecting,
  isIdle,
  isLeased,
  isSpareDial,
  type ModelConnection,
  type ModelRequest,
} from './pool-model.ts'
import type { PoolWalk } from './pool-walk.ts'
import type { TestConnection } from './recording-effects.ts'
import { checkAgreement } from './request-witness.ts'

type Gauges = Pick<
  OriginStats,
  'connecting' | 'idle' | 'leased' | 'draining' | 'closing' | 'lingering' | 'waiting' | 'queued'
>

const NEVER = Number.POSITIVE_INFINITY

const fail = (message: string): never => {
  throw new Error(message)
}

const expectEqual = (what: string, actual: unknown, expected: unknown): void => {
  if (!Object.is(actual, expected)) fail(`${what} is ${actual}, must be ${expected}`)
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0)

const gaugesOf = ({ model }: PoolWalk, origins: readonly string[]): Gauges => {
  const connections = origins.flatMap((origin) => model.connectionsOf(origin))
  const leased = connections.filter(isLeased)
  return {
    connecting: connections.filter(isConnecting).length,
    idle: connections.filter(isIdle).length,
    leased: leased.length,
    draining: leased.filter(({ isDraining }) => isDraining).length,
    closing: connections.filter(({ isClosing }) => isClosing).length,
    lingering: connections.filter(({ isLingering }) => isLingering).length,
    waiting: sum(origins.map((origin) => model.requestsOf(origin).length)),
    queued: sum(origins.map((origin) => model.queuedOf(origin).length)),
  }
}

const checkGauges = (what: string, actual: OriginStats, expected: Gauges): void => {
  for (const [name, value] of Object.entries(expected)) {
    expectEqual(`${name} of ${what}`, actual[name as keyof Gauges], value)
  }
}

const checkGaugesOfAll = (walk: PoolWalk, stats: PoolStats): void => {
  const origins = [...walk.model.origins]
  checkGauges('all', stats, gaugesOf(walk, origins))
  expectEqual('origins', Object.keys(stats.origins).length, origins.length)
  expectEqual('pool.origins', walk.pool.origins.size, origins.length)
  expectEqual('isEmpty', walk.pool.isEmpty, origins.length === 0)
  if (walk.pool.isEmpty) expectEqual('nextDeadlineMs', walk.pool.nextDeadlineMs, NEVER)
  expectEqual('openCount', walk.pool.openCount, walk.model.live.size)
  for (const origin of origins) {
    const actual = stats.origins[origin] ?? fail(`${origin} was forgotten`)
    checkGauges(origin, actual, gaugesOf(walk, [origin]))
  }
}

/** What holds of an origin, whoever else is there. */
const checkOrigin = ({ model }: PoolWalk, origin: string): void => {
  const idle = model.idleOf(origin)
  const queued = model.queuedOf(origin)
  const { binding } = model.policy
  const mayTakeAny = (request: ModelRequest): boolean =>
    queued.includes(request) || !(binding === 'early' || request.keepsToDial)
  const isAnyoneWaiting = model
    .requestsOf(origin)
    .some((request) => !request.isClaimed && mayTakeAny(request))
  if (idle.length > 0 && isAnyoneWaiting) fail(`${origin} has an idle connection and a waiter`)
  if (queued.length > 0 && model.connectionsOf(origin).some(isSpareDial)) {
    fail(`${origin} has a spare dial and a queued waiter`)
  }
  if (!model.haveCapsChanged && idle.length > model.caps.maxIdlePerOrigin) {
    fail(`${origin} has more idle connections than maxIdlePerOrigin`)
  }
}

/** Each waiter is bound to one dial at the most, which is there and knows it. */
const checkBindings = ({ model, requests }: PoolWalk): void => {
  const dials = new Set<unknown>()
  for (const { name } of model.waiting.values()) {
    const dial = requests.get(name)?.waiter?.dial as TestConnection | undefined
    if (dial === undefined) continue
    if (dials.has(dial)) fail(`connection ${dial.id} is dialled for two requests`)
    dials.add(dial)
    if (!model.live.has(dial.id)) fail(`${name} waits for a dial that has ended`)
    if (dial.waiter?.request.name !== name) fail(`connection ${dial.id} does not know its waiter`)
  }
}

/** Nobody waits without need. */
const checkWakeUps = ({ model }: PoolWalk): void => {
  if (model.haveCapsChanged) return
  const wanted = model.wantedPlaces()
  if (wanted === 0) return
  if (model.live.size < model.caps.maxTotal) fail('a request waits although a dial is allowed')
  if (model.hasPlaceFor(wanted)) return
  const others = [...model.live.values()]
  if (others.some(isIdle)) fail('a request waits although an idle connection could make way')
  if (others.some(isSpareDial)) fail('a request waits although a spare dial could make way')
}

/** Once what was due is done, nothing is due at the same instant, so that no driver spins. */
export const checkNothingDue = ({ nowMs, pool }: PoolWalk): void => {
  if (pool.nextDeadlineMs <= nowMs) fail(`something is due at ${nowMs} still`)
}

/** Whatever must hold of a pool between any two calls. */
export const checkInvariants = (walk: PoolWalk): void => {
  const stats = walk.pool.stats()
  expectEqual('the number of dials given up but not closed', walk.model.forsakenCount, 0)
  checkGaugesOfAll(walk, stats)
  for (const origin of walk.model.origins) checkOrigin(walk, origin)
  checkBindings(walk)
  checkWakeUps(walk)
  walk.witness.check(walk.requests.values())
  for (const { connection } of walk.model.live.values()) checkAgreement(connection)
}

/**
 * Lets every dial succeed and every request end, until nothing happens any more.
 *
 * @throws Where that takes for ever, or a request is left out.
 */
export const serveAll = (walk: PoolWalk): void => {
  const { ended, live, waiting } = walk.model
  const isLost = ({ isClosing, hasOpened }: ModelConnection): boolean => isClosing && !hasOpened
  const lost = new Set(
    [...live.values()].filter(isLost).map(({ connection }) => connection.waiter?.request.name),
  )
  const names = [...waiting.keys()].filter((name) => !lost.has(name))
  const isBusy = (model: ModelConnection): boolean => !isIdle(model)
  for (let round = 0; [...live.values()].some(isBusy); round++) {
    if (round > 1000) fail('requests are served for ever')
    walk.finish(round)
    walk.open(round)
    walk.release(round)
    checkInvariants(walk)
  }
  for (const name of names) expectEqual(name, ended.get(name), 'granted')
  expectEqual('waiting', waiting.size, 0)
}
