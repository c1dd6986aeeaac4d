import { Socket } from 'node:net'

/** Number of parameters of `setKeepAlive` since Node 24.21 and 26.10: enable, delay, interval, probes. */
const PARAMETER_COUNT = 4

/** Whether this Node can set the interval and the number of TCP keepalive probes, not only their delay. */
export const CAN_SET_PROBES: boolean = Socket.prototype.setKeepAlive.length === PARAMETER_COUNT
