import { linkStates, type Transitions } from '../structures/link-states.ts'

/**
 * The states of a connection. `lingering` waits for its peer to close first; `lingering` and `closing`
 * still hold a file descriptor, `closed` no longer does.
 */
export type StateName =
  | 'connecting'
  | 'idle'
  | 'leased'
  | 'draining'
  | 'lingering'
  | 'closing'
  | 'closed'

/** An event that moves a connection from one state to another. */
export type LifecycleEvent =
  | 'opened'
  | 'leased'
  | 'released'
  | 'retired'
  | 'lingered'
  | 'aborted'
  | 'detached'
  | 'failed'
  | 'closed'

/**
 * Every legal move; anything absent throws. The lifecycle document and the exhaustive test are
 * generated from this table.
 */
export const TRANSITIONS: Transitions<StateName, LifecycleEvent> = {
  connecting: { opened: 'idle', retired: 'closing', failed: 'closed' },
  idle: { leased: 'leased', retired: 'closing', lingered: 'lingering', closed: 'closed' },
  leased: {
    released: 'idle',
    retired: 'draining',
    aborted: 'closing',
    detached: 'closed',
    closed: 'closed',
  },
  draining: {
    released: 'closing',
    lingered: 'lingering',
    aborted: 'closing',
    detached: 'closed',
    closed: 'closed',
  },
  lingering: { aborted: 'closing', closed: 'closed' },
  closing: { failed: 'closed', closed: 'closed' },
  closed: {},
}

/** A state with its legal moves as links. */
export interface State extends Readonly<Record<LifecycleEvent, State | undefined>> {
  readonly name: StateName
  /** The place of this state's counter in {@link StateCounts}. */
  readonly index: number
  /** Whether a connection is about to give up its place: no request has it, and none will. */
  readonly isClosing: boolean
}

/** The states in the order of their life; a state's place here is its `index`. */
export const STATE_NAMES: readonly StateName[] = Object.keys(TRANSITIONS) as StateName[]

/** The events in the order in which a connection usually meets them. */
export const LIFECYCLE_EVENTS: readonly LifecycleEvent[] = [
  'opened',
  'leased',
  'released',
  'retired',
  'lingered',
  'aborted',
  'detached',
  'failed',
  'closed',
]

/** {@link TRANSITIONS}, linked. */
export const STATES: Readonly<Record<StateName, State>> = linkStates(
  TRANSITIONS,
  LIFECYCLE_EVENTS,
  (name: StateName, index): State => ({
    name,
    index,
    isClosing: name === 'lingering' || name === 'closing',
    opened: undefined,
    leased: undefined,
    released: undefined,
    retired: undefined,
    lingered: undefined,
    aborted: undefined,
    detached: undefined,
    failed: undefined,
    closed: undefined,
  }),
)

/** Numbers of connections in each state, at its {@link State.index}. */
export type StateCounts = Int32Array

export const createStateCounts = (): StateCounts => new Int32Array(STATE_NAMES.length)
