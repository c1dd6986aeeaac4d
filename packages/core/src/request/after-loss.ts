import type { ResolvedPolicy } from '../policies/resolve-policy.ts'
import { isCovered, type Repeatability } from './replay-coverage.ts'

/**
 * The fate of a request whose connection is lost: it goes to another connection, where no server
 * can have seen it (`'move'`); it is sent again although it may have arrived (`'resend'`); or its
 * caller gets an error (`'fail'`).
 */
export type LossVerdict = 'move' | 'resend' | 'fail'

/** The facts of a request at the moment in which it loses its connection. */
export interface LossFacts extends Repeatability {
  /** Whether the connection may have died before the request got it: it was used before, or idle. */
  readonly isDated: boolean
  /** Whether its pool was destroyed since it got the connection. */
  readonly isDoomed: boolean
  /** Whether nothing of it was written, or the peer says that it did not process it. */
  readonly isUnwritten: boolean
  /** Whether all of it was written, and can be written again. */
  readonly isComplete: boolean
  /** Whether any byte of a response has come. */
  readonly isAnswered: boolean
  /** Whether it was sent again before. */
  readonly isResent: boolean
  /** Number of times that it moved away from a connection that was dialled for it. */
  readonly freshMoveCount: number
}

/**
 * The number of times that a request may move away from a connection that was dialled for it and
 * failed.
 */
const MAX_FRESH_MOVES = 1

/**
 * Decides what becomes of a request that loses its connection. A request that may have arrived is
 * sent again at most once, and only where the connection had been idle or in use before, which
 * explains the loss: on a fresh connection the request itself may have crashed its server.
 */
export const afterLoss = (
  facts: LossFacts,
  { replay }: Pick<ResolvedPolicy, 'replay'>,
): LossVerdict => {
  const { freshMoveCount, isComplete, isDated, isResent, isUnwritten } = facts
  if (facts.isAnswered || facts.isDoomed) return 'fail'
  if (isUnwritten) return isDated || freshMoveCount < MAX_FRESH_MOVES ? 'move' : 'fail'
  const mayResend = isDated && isComplete && !isResent && isCovered(facts, replay)
  return mayResend ? 'resend' : 'fail'
}
