import { ignore } from '../driver/ignore.ts'
import type { AgentSocket } from './internals/agent-socket.ts'

/** Destroys a socket that belongs to nobody, and so has nobody to tell of an error. */
export const discardSocket = (socket: AgentSocket): void => {
  socket.on('error', ignore)
  socket.destroy()
}
