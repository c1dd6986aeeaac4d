import { ignore } from '../driver/ignore.ts'
import type { AgentSocket } from './internals/agent-socket.ts'

/** Destroys a socket that no request uses, and ignores its errors. */
export const discardSocket = (socket: AgentSocket): void => {
  socket.on('error', ignore)
  socket.destroy()
}
