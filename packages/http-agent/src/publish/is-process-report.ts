import { type ProcessReport, REPORT_SCHEMA } from './pool-report.ts'

type Check = (value: unknown) => boolean
type Fields = Readonly<Record<string, Check>>

/** The greatest length of a name that is shown. */
const MAX_NAME_LENGTH = 256
const MAX_PORT = 65_535

const isString: Check = (value) => typeof value === 'string'
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0
const isPort: Check = (value) => isCount(value) && (value as number) <= MAX_PORT
/** Checks a number; `Infinity` is null in JSON. */
const isAmount: Check = (value) => typeof value === 'number' || value === null
const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isOptional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const isObjectOf =
  (fields: Fields): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]))

const STATS: Fields = {
  connecting: isCount,
  idle: isCount,
  leased: isCount,
  draining: isCount,
  closing: isCount,
  lingering: isOptional(isCount),
  waiting: isCount,
  queued: isCount,
  dials: isCount,
  dialFailures: isCount,
  leases: isCount,
  reuses: isCount,
  waits: isCount,
  rejections: isCount,
  replays: isCount,
  closes: isObject,
  origins: isObject,
}

const CONNECTION: Fields = {
  id: isCount,
  origin: isString,
  state: isString,
  tcpState: isOptional(isString),
  tcpStateAlternatives: isListOf(isString),
  localAddress: isOptional(isString),
  localPort: isOptional(isPort),
  remoteAddress: isOptional(isString),
  remotePort: isOptional(isPort),
  ageMs: isAmount,
  idleMs: isOptional(isAmount),
  requestCount: isCount,
  expiresInMs: isOptional(isAmount),
  closeReason: isOptional(isString),
}

const POOL: Fields = {
  name: (value) => isString(value) && (value as string).length <= MAX_NAME_LENGTH,
  stats: isObjectOf(STATS),
  connections: isListOf(isObjectOf(CONNECTION)),
}

/** Whether the answer of a process is a valid report about itself. */
export const isProcessReport = (value: unknown, pid: number): value is ProcessReport =>
  isObjectOf({
    schema: (schema) => schema === REPORT_SCHEMA,
    pid: (reported) => reported === pid,
    pools: isListOf(isObjectOf(POOL)),
  })(value)
