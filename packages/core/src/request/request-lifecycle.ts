import { linkStates, type Transitions } from '../structures/link-states.ts'

/** The states of a request. The last four are its ends. */
export type RequestStateName =
  | 'asked'
  | 'waiting'
  | 'granted'
  | 'checking'
  | 'sending'
  | 'sent'
  | 'answering'
  | 'done'
  | 'failed'
  | 'aborted'
  | 'rejected'

/** An event that moves a request from one state to another. */
export type RequestEvent =
  | 'queued'
  | 'granted'
  | 'doubted'
  | 'passed'
  | 'completed'
  | 'answered'
  | 'served'
  | 'moved'
  | 'resent'
  | 'lost'
  | 'aborted'
  | 'rejected'

/**
 * Every legal move; anything absent is a bug of the caller. The request document is generated from
 * it.
 */
export const REQUEST_TRANSITIONS: Transitions<RequestStateName, RequestEvent> = {
  asked: { queued: 'waiting', granted: 'granted', aborted: 'aborted', rejected: 'rejected' },
  waiting: { granted: 'granted', aborted: 'aborted', rejected: 'rejected' },
  granted: {
    doubted: 'checking',
    passed: 'sending',
    moved: 'waiting',
    lost: 'failed',
    aborted: 'aborted',
  },
  checking: { passed: 'sending', moved: 'waiting', lost: 'failed', aborted: 'aborted' },
  sending: {
    completed: 'sent',
    answered: 'answering',
    moved: 'waiting',
    lost: 'failed',
    aborted: 'aborted',
  },
  sent: {
    answered: 'answering',
    moved: 'waiting',
    resent: 'waiting',
    lost: 'failed',
    aborted: 'aborted',
  },
  answering: { completed: 'answering', served: 'done', lost: 'failed', aborted: 'aborted' },
  done: {},
  failed: {},
  aborted: {},
  rejected: {},
}

/** A state with its legal moves as links, as those of a connection are. */
export interface RequestState extends Readonly<Record<RequestEvent, RequestState | undefined>> {
  readonly name: RequestStateName
  /** Whether the state is final: the caller has the result of the request. */
  readonly isEnd: boolean
}

/** The states in the order of a request's life. */
export const REQUEST_STATE_NAMES: readonly RequestStateName[] = Object.keys(
  REQUEST_TRANSITIONS,
) as RequestStateName[]

/** The events in the order in which a request usually meets them. */
export const REQUEST_EVENTS: readonly RequestEvent[] = [
  'queued',
  'granted',
  'doubted',
  'passed',
  'completed',
  'answered',
  'served',
  'moved',
  'resent',
  'lost',
  'aborted',
  'rejected',
]

/** {@link REQUEST_TRANSITIONS}, linked. */
export const REQUEST_STATES: Readonly<Record<RequestStateName, RequestState>> = linkStates(
  REQUEST_TRANSITIONS,
  REQUEST_EVENTS,
  (name: RequestStateName): RequestState => ({
    name,
    isEnd: Object.keys(REQUEST_TRANSITIONS[name]).length === 0,
    queued: undefined,
    granted: undefined,
    doubted: undefined,
    passed: undefined,
    completed: undefined,
    answered: undefined,
    served: undefined,
    moved: undefined,
    resent: undefined,
    lost: undefined,
    aborted: undefined,
    rejected: undefined,
  }),
)
