/** Methods of a handler, and events of a dispatcher, that throw in a test. */
export const HANDLER_STAGES = ['start', 'response', 'data', 'end', 'error'] as const
export const LISTENER_EVENTS = ['connect', 'disconnect', 'connectionError', 'drain'] as const
