import type { CloseReason } from '../src/connection/close-reason.ts'
import { HoldfastError } from '../src/errors.ts'

/** What a pool, or what stands in for one, can be told of a connection. */
export interface Listener<Connection> {
  readonly opened: (connection: Connection, nowMs: number) => void
  readonly dialFailed: (connection: Connection, error: Error, nowMs: number) => void
  readonly release: (connection: Connection, nowMs: number) => void
  readonly retire: (connection: Connection, reason: CloseReason, nowMs: number) => void
  readonly closed: (connection: Connection, reason: CloseReason, nowMs: number) => void
  readonly detach: (connection: Connection, nowMs: number) => void
}

export type NewsName = keyof Listener<never>

export const NEWS: readonly NewsName[] = [
  'opened',
  'dialFailed',
  'release',
  'retire',
  'closed',
  'detach',
]

const FAILURE = new Error('refused by the peer')

/** What happens to a connection, when, and why if there is a reason for it. */
export interface News {
  readonly name: NewsName
  readonly reason: CloseReason
  readonly nowMs: number
}

const tell = <Connection>(
  listener: Listener<Connection>,
  connection: Connection,
  { name, nowMs, reason }: News,
): void => {
  if (name === 'dialFailed') listener.dialFailed(connection, FAILURE, nowMs)
  else if (name === 'retire' || name === 'closed') listener[name](connection, reason, nowMs)
  else listener[name](connection, nowMs)
}

/** Does it; what it throws is returned. */
export const thrown = (act: () => void): string[] => {
  try {
    act()
    return []
  } catch (error) {
    return [error instanceof HoldfastError ? `throws ${error.message}` : `throws ${String(error)}`]
  }
}

/** Tells the listener; what it throws is returned. */
export const tellNews = <Connection>(
  listener: Listener<Connection>,
  connection: Connection,
  news: News,
): string[] => thrown(() => tell(listener, connection, news))
